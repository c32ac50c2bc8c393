"""Changes to what protects the secrets."""

from monitoring_handlers.alerting.text import AlertText, Severity

_WHAT_ELSE = (
    "aws cloudtrail lookup-events --region {in_region} --max-items 50 "
    "--lookup-attributes AttributeKey=Username,AttributeValue={user}"
)
"""What else the same one did."""

_DRIFT = "npx cdk drift {stack}"
"""What else is not as it was deployed."""
_STATUS = "./alees-secrets status --environment {environment}"
_ROTATE_NOW = (
    "./alees-secrets rotate --emergency {path} --environment {environment} "
    '--reason "its protection was changed" --incident {incident}'
)
_DESCRIBE_KEY = "aws kms describe-key --key-id {about} --region {region}"
_NOT_MEANT = "A deployment does not raise this alert. If it was not one of you, somebody has rights that they misuse."

TAMPERING: tuple[AlertText, ...] = (
    AlertText(
        id="secret-deleted",
        severity=Severity.CRITICAL,
        subject="{about} was deleted",
        happened="{by} deleted {about}. It is gone {recovery}.",
        means="Nothing can read it from now on: what logs in with it fails as soon as its caches end.",
        commands=("aws secretsmanager restore-secret --secret-id {about} --region {region}", _WHAT_ELSE, _STATUS),
    ),
    AlertText(
        id="version-deleted",
        severity=Severity.WARNING,
        subject="A version of {about} is gone for good",
        happened=(
            "Secrets Manager deleted a version of {about} for good: the time to restore it is over, or none was given."
        ),
        means="If the secret is needed, it has to be made anew: deploy, then rotate or set it.",
        commands=(
            _STATUS,
            "aws secretsmanager list-secret-version-ids --secret-id {about} --include-deprecated --region {region}",
        ),
        fold_minutes=24 * 60,
    ),
    AlertText(
        id="policy-changed",
        severity=Severity.CRITICAL,
        subject="What protects {about} was changed ({call})",
        happened="{by} called {call} on {about}: its resource policy, or the key that encrypts it, is another one.",
        means=f"Others may be able to read it, or applications may not any more. {_NOT_MEANT}",
        commands=(
            "aws secretsmanager get-resource-policy --secret-id {about} --region {region}",
            "./alees-secrets access --secret {path} --environment {environment}",
            _WHAT_ELSE,
            _DRIFT,
            _ROTATE_NOW,
        ),
    ),
    AlertText(
        id="key-policy-changed",
        severity=Severity.CRITICAL,
        subject="Who may use the key {about} was changed ({call})",
        happened="{by} called {call} on the key {about}.",
        means=f"Others may be able to decrypt what it encrypts, or applications may not any more. {_NOT_MEANT}",
        commands=(
            "aws kms list-aliases --region {region}",
            "aws kms get-key-policy --key-id {about} --policy-name default --region {region}",
            "aws kms list-grants --key-id {key} --region {region}",
            _WHAT_ELSE,
            _DRIFT,
        ),
    ),
    AlertText(
        id="key-disabled",
        severity=Severity.CRITICAL,
        subject="The key {about} was disabled",
        happened="{by} disabled the key {about}.",
        means="What it encrypts cannot be read or written: applications fail as soon as their caches end.",
        commands=("aws kms enable-key --key-id {key} --region {region}", _DESCRIBE_KEY, _WHAT_ELSE, _STATUS),
    ),
    AlertText(
        id="key-deletion-scheduled",
        severity=Severity.CRITICAL,
        subject="The key {about} will be deleted in {days} days",
        happened="{by} scheduled the key {about} for deletion in {days} days. It is disabled already.",
        means=(
            "What it encrypts cannot be read now: applications fail as soon as their caches end. After these days it "
            "is lost for good, backups that need this key too."
        ),
        commands=(
            "aws kms cancel-key-deletion --key-id {key} --region {region}",
            "aws kms enable-key --key-id {key} --region {region}",
            _DESCRIBE_KEY,
            _WHAT_ELSE,
            _STATUS,
        ),
    ),
    AlertText(
        id="trail-changed",
        severity=Severity.CRITICAL,
        subject="The trail was changed: {call} on {about}",
        happened="{by} called {call} on {about}, which records who does what in this account.",
        means=(
            "Most alerts come from the trail, so while it is stopped you are told little, and there may be no evidence "
            "of what is done meanwhile. Who wants to go unseen begins like this."
        ),
        commands=(
            "aws cloudtrail get-trail-status --name {trail} --region {in_region}",
            "aws cloudtrail start-logging --name {trail} --region {in_region}",
            _WHAT_ELSE,
            "npx cdk drift 'AleesSecretsAccount*'",
        ),
    ),
    AlertText(
        id="watching-changed",
        severity=Severity.CRITICAL,
        subject="What watches was changed: {call} on {about}",
        happened="{by} called {call} on {about}, which is part of what watches the secrets and tells you.",
        means=f"Something may happen now that you are not told of. {_NOT_MEANT}",
        commands=(_WHAT_ELSE, _DRIFT, _STATUS),
    ),
    AlertText(
        id="rotation-changed",
        severity=Severity.CRITICAL,
        subject="How secrets rotate was changed: {call} on {about}",
        happened="{by} called {call} on {about}: another schedule, or other code, settings or callers of the function.",
        means=(
            "The function sees every new value of its secrets, so whoever changed its code may know them from the next "
            f"rotation on. {_NOT_MEANT}"
        ),
        commands=(_WHAT_ELSE, _DRIFT, _STATUS),
    ),
    AlertText(
        id="rotation-off",
        severity=Severity.WARNING,
        subject="Rotation of {about} was switched off",
        happened="{by} switched the rotation of {about} off.",
        means=(
            "The value in use works and will not be replaced. A rotation that was under way has stopped: its value may "
            "be half in place."
        ),
        commands=(
            "aws secretsmanager rotate-secret --secret-id {about} --region {region}",
            _STATUS,
            _WHAT_ELSE,
        ),
    ),
)
