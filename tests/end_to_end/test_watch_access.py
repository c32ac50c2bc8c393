"""Who reads what they should not, or tries to, is found: by the trail, the subscription and the function.

A subscriber reads what it was, and which command to run next.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from constructs_lib.environment_metric import NAMESPACE
from monitoring_handlers.access_watch.habits import MOST_READS
from tests.end_to_end.alert_queue import Alert, AlertQueue
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.finding_queue import FindingQueue, counted, finding_queue
from tests.end_to_end.identities import EVERYTHING, Options, as_duty, client, is_denied, new_role

pytestmark = pytest.mark.servers

HOUR = 3600
DATABASE = "database/credentials"
ADMINISTRATOR = "watched-administrator"
UNUSUAL = "ReadStatisticsReadsUnusual"
"""What the logical id of the alarm on the band of reads begins with."""


@pytest.fixture(scope="module")
def findings(deployments: dict[str, Deployment]) -> Iterator[FindingQueue]:
    """What is found in Local from now on."""
    with finding_queue(deployments["Local"]) as queue:
        yield queue


@pytest.fixture(scope="module")
def alerts(deployments: dict[str, Deployment]) -> AlertQueue:
    """What Local's subscribers are told from now on."""
    return AlertQueue(deployments["Local"])


@pytest.fixture(scope="module")
def administrator(deployments: dict[str, Deployment]) -> Options:
    """Somebody whose own policies allow everything."""
    return new_role(deployments["Local"], ADMINISTRATOR, "/", EVERYTHING)


def test_a_refused_read_is_found(deployed: Deployment, alerts: AlertQueue, administrator: Options) -> None:
    secrets = client("secretsmanager", administrator)
    assert is_denied(secrets.get_secret_value, SecretId=deployed.name(DATABASE))
    alert = _told(deployed, alerts, "read-denied", ADMINISTRATOR)
    assert alert.subject.startswith("WARNING Local: ")
    assert alert.subject.endswith(f" was refused {deployed.name(DATABASE)}")
    assert "./alees-secrets access --environment Local" in alert.body


def test_a_strangers_read_is_found(deployed: Deployment, alerts: AlertQueue, administrator: Options) -> None:
    with _without_policy(deployed, "jwt/credentials"):
        client("secretsmanager", administrator).get_secret_value(SecretId=deployed.name("jwt/credentials"))
    alert = _told(deployed, alerts, "stranger-read", ADMINISTRATOR)
    assert alert.subject == f"CRITICAL Local: A stranger has read {deployed.name('jwt/credentials')}"
    assert "./alees-secrets rotate --emergency jwt/credentials --environment Local --reason" in alert.body


def test_a_hand_on_the_honey_secret_is_found(deployed: Deployment, alerts: AlertQueue, administrator: Options) -> None:
    secrets = client("secretsmanager", administrator)
    assert is_denied(secrets.get_secret_value, SecretId=deployed.name("admin/credentials"))
    alert = _told(deployed, alerts, "honey-touched", ADMINISTRATOR)
    assert alert.subject.startswith("CRITICAL Local: Somebody tries doors: GetSecretValue on alees/local/admin/")
    assert f"aws cloudtrail lookup-events --region {deployed.environment.region}" in alert.body


def test_break_glass_is_found(deployments: dict[str, Deployment]) -> None:
    prod = deployments["Prod"]
    alerts = AlertQueue(prod)
    as_duty(prod, "break-glass")
    alert = _told(prod, alerts, "break-glass-used", "alees-prod-break-glass")
    assert alert.subject.startswith("CRITICAL Prod: ")
    assert alert.subject.endswith(" took on alees-prod-break-glass")
    assert "aws iam list-role-policies --role-name alees-prod-break-glass" in alert.body


def test_a_changed_role_is_found(deployed: Deployment, alerts: AlertQueue, administrator: Options) -> None:
    iam = client("iam", administrator)
    iam.attach_role_policy(RoleName="alees-local-auditor", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.detach_role_policy(RoleName="alees-local-auditor", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    alert = _told(deployed, alerts, "role-changed", ADMINISTRATOR)
    assert alert.subject.startswith("CRITICAL Local: Rights of alees-local-auditor were changed (")
    assert "npx cdk drift AleesSecretsLocal" in alert.body


def test_a_burst_is_found_and_the_same_reads_alone_are_not(
    deployed: Deployment, findings: FindingQueue, alerts: AlertQueue
) -> None:
    secrets, name = client("secretsmanager", as_duty(deployed, "application")), deployed.name("email/credentials")
    with ThreadPoolExecutor(4) as readers:
        for _ in range(4):  # more than twice the bound: the clock may enter another window meanwhile
            list(readers.map(lambda _: secrets.get_secret_value(SecretId=name), range(MOST_READS * 5 // 8)))
            if _has(findings, "read-burst", name):
                break
    alert = _told(deployed, alerts, "read-burst", "alees-local-application")
    assert alert.subject.startswith(f"WARNING Local: {name} was read ")
    assert "./alees-secrets status --environment Local" in alert.body
    told = {each["alert"] for each in findings.received() if "alees-local-application" in each["by"]}
    assert told - {"first-reader"} == {"read-burst"}  # other tests move the clock: it may be a first read, long after


def test_reads_and_refusals_are_counted(deployed: Deployment, administrator: Options) -> None:
    reads, denied = counted(deployed, "Reads"), counted(deployed, "DeniedReads")
    deployed.value(DATABASE)
    assert is_denied(client("secretsmanager", administrator).get_secret_value, SecretId=deployed.name(DATABASE))
    deployed.wait_for(lambda: counted(deployed, "Reads") > reads and counted(deployed, "DeniedReads") > denied)


def test_two_hours_with_unusually_many_reads_are_told(deployments: dict[str, Deployment]) -> None:
    """History is put as values of the metric, thirteen days of it; the unusual reads are read."""
    prod = deployments["Prod"]
    alerts = AlertQueue(prod)
    prod.cloud.advance(3 * HOUR)  # what other tests read is history, too
    _put_ordinary_hours(prod, 13 * 24)
    prod.wait_for(lambda: _state(prod, UNUSUAL) == "OK")
    _read(prod, 250)
    prod.cloud.advance(HOUR)
    assert _state(prod, UNUSUAL) == "OK"
    _read(prod, 250)
    alert = _told(prod, alerts, "reads-unusual", f"What         {prod.environment.stack_name}-{UNUSUAL}")
    assert alert.subject == "NOTICE Prod: Many more secrets are read than usual"
    assert "In two of the last three hours more values were read than CloudWatch has learned" in alert.body
    command = f"aws logs describe-query-definitions --region {prod.environment.region}"
    assert alert.body.partition("RUN NEXT")[2].splitlines()[1].strip() == command


def _put_ordinary_hours(deployed: Deployment, hours: int) -> None:
    """Have three and five reads counted by turns, in each of the hours before the last three."""
    now, dimensions = datetime.now(UTC), [{"Name": "environment", "Value": deployed.environment.slug}]
    counts = [
        {
            "MetricName": "Reads",
            "Dimensions": dimensions,
            "Timestamp": now - timedelta(hours=4 + hour),
            "Value": (3, 5)[hour % 2],
        }
        for hour in range(hours)
    ]
    deployed.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=counts)


def _state(deployed: Deployment, alarm: str) -> str:
    names = f"{deployed.environment.stack_name}-{alarm}"
    (found,) = deployed.client("cloudwatch").describe_alarms(AlarmNamePrefix=names)["MetricAlarms"]
    return str(found["StateValue"])


def _read(deployed: Deployment, times: int) -> None:
    """Have the application read a secret so often, and wait until that is counted."""
    before = counted(deployed, "Reads")
    secrets, name = client("secretsmanager", as_duty(deployed, "application")), deployed.name(DATABASE)
    with ThreadPoolExecutor(4) as readers:
        list(readers.map(lambda _: secrets.get_secret_value(SecretId=name), range(times)))
    deployed.wait_for(lambda: counted(deployed, "Reads") >= before + times)


def _told(deployed: Deployment, alerts: AlertQueue, alert: str, part: str) -> Alert:
    """Return the first alert of a kind that has *part* in it, when it is there."""
    deployed.wait_for(lambda: bool(alerts.with_part(alert, part)))
    return alerts.with_part(alert, part)[0]


def _has(findings: FindingQueue, alert: str, about: str, by: str = "") -> bool:
    """Tell whether somebody, whose ARN has *by* in it, was found to have done something to *about*."""
    found = findings.received()
    return any((each["alert"], each["about"]) == (alert, about) and by in each["by"] for each in found)


@contextmanager
def _without_policy(deployed: Deployment, path: str) -> Iterator[None]:
    """Take a secret's policy away for a while, as who administers the account can."""
    secrets: Any = deployed.client("secretsmanager")
    policy = secrets.get_resource_policy(SecretId=deployed.name(path))["ResourcePolicy"]
    secrets.delete_resource_policy(SecretId=deployed.name(path))
    try:
        yield
    finally:
        secrets.put_resource_policy(SecretId=deployed.name(path), ResourcePolicy=policy)
