"""Who reads what they should not, or tries to, is found: by the trail, the subscription and the function."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from monitoring_handlers.access_watch.habits import MOST_READS
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.finding_queue import FindingQueue, finding_queue
from tests.end_to_end.identities import EVERYTHING, Options, as_duty, client, is_denied, new_role

pytestmark = pytest.mark.servers

DATABASE = "database/credentials"
ADMINISTRATOR = "watched-administrator"


@pytest.fixture(scope="module")
def findings(deployments: dict[str, Deployment]) -> Iterator[FindingQueue]:
    """What is found in Local from now on."""
    with finding_queue(deployments["Local"]) as queue:
        yield queue


@pytest.fixture(scope="module")
def administrator(deployments: dict[str, Deployment]) -> Options:
    """Somebody whose own policies allow everything."""
    return new_role(deployments["Local"], ADMINISTRATOR, "/", EVERYTHING)


def test_a_refused_read_is_found(deployed: Deployment, findings: FindingQueue, administrator: Options) -> None:
    secrets = client("secretsmanager", administrator)
    assert is_denied(secrets.get_secret_value, SecretId=deployed.name(DATABASE))
    deployed.wait_for(lambda: _has(findings, "read-denied", deployed.name(DATABASE), ADMINISTRATOR))


def test_a_strangers_read_is_found(deployed: Deployment, findings: FindingQueue, administrator: Options) -> None:
    with _without_policy(deployed, "jwt/credentials"):
        client("secretsmanager", administrator).get_secret_value(SecretId=deployed.name("jwt/credentials"))
    deployed.wait_for(lambda: _has(findings, "stranger-read", deployed.name("jwt/credentials"), ADMINISTRATOR))


def test_a_hand_on_the_honey_secret_is_found(
    deployed: Deployment, findings: FindingQueue, administrator: Options
) -> None:
    secrets = client("secretsmanager", administrator)
    assert is_denied(secrets.get_secret_value, SecretId=deployed.name("admin/credentials"))
    deployed.wait_for(lambda: _has(findings, "honey-touched", deployed.name("admin/credentials"), ADMINISTRATOR))


def test_break_glass_is_found(deployments: dict[str, Deployment]) -> None:
    prod = deployments["Prod"]
    with finding_queue(prod) as findings:
        as_duty(prod, "break-glass")
        prod.wait_for(lambda: _has(findings, "break-glass-used", "alees-prod-break-glass"))


def test_a_changed_role_is_found(deployed: Deployment, findings: FindingQueue, administrator: Options) -> None:
    iam = client("iam", administrator)
    iam.attach_role_policy(RoleName="alees-local-auditor", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.detach_role_policy(RoleName="alees-local-auditor", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    deployed.wait_for(lambda: _has(findings, "role-changed", "alees-local-auditor", ADMINISTRATOR))


def test_a_burst_is_found_and_the_same_reads_alone_are_not(deployed: Deployment, findings: FindingQueue) -> None:
    secrets, name = client("secretsmanager", as_duty(deployed, "application")), deployed.name("email/credentials")
    with ThreadPoolExecutor(4) as readers:
        for _ in range(4):  # more than twice the bound: the clock may enter another window meanwhile
            list(readers.map(lambda _: secrets.get_secret_value(SecretId=name), range(MOST_READS * 5 // 8)))
            if _has(findings, "read-burst", name):
                break
    deployed.wait_for(lambda: _has(findings, "read-burst", name, "alees-local-application"))
    assert {each["alert"] for each in findings.received() if "alees-local-application" in each["by"]} == {"read-burst"}


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
