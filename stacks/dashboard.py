"""The dashboard of an environment: access, rotation, health."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch

from alees_secrets import naming
from constructs_lib.dashboard import Dashboard, graph, table
from constructs_lib.environment_metric import environment_metric
from constructs_lib.read_statistics import BAND_WIDTH
from stacks.environment import EnvironmentStack

_SECRETS_MANAGER = 'filter eventSource = "secretsmanager.amazonaws.com"'


@dataclass(frozen=True, kw_only=True)
class Logs:
    """Where the dashboard's tables come from.

    Attributes:
        trail: Name of the trail's log group, in the environment's own region.
        health: Name of the log group of the function that looks every hour.
    """

    trail: str
    health: str


def add_dashboard(stack: EnvironmentStack, logs: Logs) -> None:
    """Add the dashboard. To be called last: it shows the alarms that the stack has by then."""
    page, name = Dashboard(stack, "Dashboard"), stack.settings.name
    page.add_text(
        f"# Secrets of {name}\n"
        "Green alarms and flat lines at zero are good. **A red alarm**: its description begins with the id of its "
        "section in `docs/runbooks/alerts.md`, which says what to run. A grey one has no data yet. "
        f"The same at a terminal: `./alees-secrets status --environment {name}`.",
        height=3,
    )
    page.add_alarms(stack, "Alarms: red needs somebody")
    _add_access(page, stack, logs)
    _add_rotation(page, stack, logs)
    _add_health(page, stack, logs)


def _add_access(page: Dashboard, stack: EnvironmentStack, logs: Logs) -> None:
    below = naming.prefix(stack.settings.slug)
    about = f'filter requestParameters.secretId like "{below}"'
    reads = environment_metric(stack.settings.slug, "Reads")
    band = cloudwatch.MathExpression(
        expression=f"ANOMALY_DETECTION_BAND(reads, {BAND_WIDTH})", using_metrics={"reads": reads}, label="usual"
    )
    page.add_text(
        "## Secret access\n"
        "Failed accesses are zero in an ordinary week; the table says who was refused what. Reads outside of their "
        f"band are unusual. Who may read what: `./alees-secrets access --environment {stack.settings.name}`.",
        height=2,
    )
    page.add_row(
        graph("Failed access attempts", environment_metric(stack.settings.slug, "DeniedReads"), parts=3),
        graph("Reads, and their usual band", reads, band, parts=3),
        table(
            "Usage by secret",
            logs.trail,
            [
                "fields requestParameters.secretId as secret",
                f'{_SECRETS_MANAGER} and eventName = "GetSecretValue"',
                about,
                "stats count(*) as reads, count_distinct(userIdentity.arn) as readers by secret",
                "sort reads desc",
            ],
            parts=3,
            region=stack.region,
        ),
    )
    page.add_row(
        table(
            "Refused: who, what, how often",
            logs.trail,
            [
                # A refusal often has the secret in its message alone.
                "fields coalesce(requestParameters.secretId, errorMessage) as secret, userIdentity.arn as who",
                f"{_SECRETS_MANAGER} and errorCode like /Denied/",
                f'filter secret like "{below}"',
                "stats count(*) as refused, max(eventTime) as last by who, eventName, secret",
                "sort refused desc",
            ],
            parts=1,
            region=stack.region,
        )
    )


def _add_rotation(page: Dashboard, stack: EnvironmentStack, logs: Logs) -> None:
    events = ["RotationStarted", "RotationSucceeded", "RotationFailed", "RotationAbandoned"]
    about = f'filter additionalEventData.SecretId like "secret:{naming.prefix(stack.settings.slug)}"'
    page.add_text(
        "## Rotation status\n"
        "Each secret succeeds once in its period, and fails never. Overdue and stuck are zero. What to do about one: "
        f"`./alees-secrets recover NAME --environment {stack.settings.name}` and `docs/runbooks/rotation.md`.",
        height=2,
    )
    page.add_row(
        graph(
            "Rotations that succeeded, and stuck ones",
            environment_metric(stack.settings.slug, "RotationsSucceeded"),
            environment_metric(stack.settings.slug, "RotationsStuck", "Maximum"),
            parts=3,
        ),
        graph(
            "Days that the oldest is overdue",
            environment_metric(stack.settings.slug, "OldestDaysOverdue", "Maximum"),
            parts=3,
        ),
        table(
            "Success and failure by secret",
            logs.trail,
            [
                "fields additionalEventData.SecretId as secret",
                f"{_SECRETS_MANAGER} and eventName in {events}".replace("'", '"'),
                about,
                "stats count(*) as times, max(eventTime) as last by secret, eventName",
                "sort secret",
            ],
            parts=3,
            region=stack.region,
        ),
    )
    page.add_row(
        table(
            "How long rotations took",
            logs.health,
            [
                "fields @timestamp, @message",
                "filter RotationsSucceeded > 0",
                'parse @message /"rotated_in_seconds": \\{(?<seconds>[^}]*)\\}/',
                "display @timestamp, seconds",
                "sort @timestamp desc",
            ],
            parts=1,
            region=stack.region,
        )
    )


def _add_health(page: Dashboard, stack: EnvironmentStack, logs: Logs) -> None:
    calls = ["CreateSecret", "DeleteSecret", "RestoreSecret", "PutSecretValue", "UpdateSecret", "RotateSecret"]
    calls += ["CancelRotateSecret", "UpdateSecretVersionStage", "PutResourcePolicy", "TagResource", "UntagResource"]
    page.add_text(
        "## Secret health\n"
        "What the last looks found: expiring, unused, not initialised, out of sync and the rest; nothing is best. "
        f"One secret's whole life: `./alees-secrets show NAME --environment {stack.settings.name}`.",
        height=2,
    )
    page.add_row(
        graph(
            "Secrets with something wrong",
            environment_metric(stack.settings.slug, "SecretsUnhealthy", "Maximum"),
            parts=3,
        ),
        graph("Looks that were finished: one an hour", environment_metric(stack.settings.slug, "HealthRuns"), parts=3),
        table(
            "Found in the last looks: expiring, overdue, unused",
            logs.health,
            [
                "fields @timestamp",
                "filter ispresent(findings.0)",
                "display @timestamp, findings.0, findings.1, findings.2, findings.3, findings.4",
                "sort @timestamp desc",
                "limit 10",
            ],
            parts=3,
            region=stack.region,
        ),
    )
    page.add_row(
        table(
            "Lifecycle: who made, changed, rotated or deleted what",
            logs.trail,
            [
                "fields eventTime, eventName, requestParameters.secretId as secret, userIdentity.arn as who, errorCode",
                f"{_SECRETS_MANAGER} and eventName in {calls}".replace("'", '"'),
                f'filter @message like "{naming.prefix(stack.settings.slug)}"',
                "sort @timestamp desc",
                "limit 50",
            ],
            parts=1,
            region=stack.region,
        )
    )
