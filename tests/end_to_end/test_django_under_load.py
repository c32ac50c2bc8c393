"""A Django project under gunicorn while its database's login is rotated and revoked.

ALEES_LOAD_ROTATIONS says how many rotations there are, 3 by default; `pytest -s` shows the figures.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_cloud.aws import caller_environment_without_aws
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.django_site import DjangoSite
from tests.end_to_end.load import Load, under_load
from tests.fakes.postgres import Connection

pytestmark = pytest.mark.servers

ROTATIONS = int(os.environ.get("ALEES_LOAD_ROTATIONS", "3"))
PATH = "database/credentials"
POOL = {"pool": {"min_size": 2, "max_size": 4, "timeout": 10}}
OPTIONS = pytest.mark.parametrize("options", [{}, POOL], ids=["without-pool", "with-pool"])

MakeSite = Callable[..., DjangoSite]


@pytest.fixture
def make_site(deployed: Deployment, tmp_path: Path) -> Iterator[MakeSite]:
    """Make a project, and its table, which is dropped in the end."""
    sites: list[DjangoSite] = []
    authority = deployed.environment.database.certificate_authority
    assert authority is not None

    def make(options: dict[str, object], *, debug: bool = False) -> DjangoSite:
        site = DjangoSite.make(tmp_path, _as_application(deployed), authority=authority, options=options, debug=debug)
        sites.append(site)
        site.manage("migrate")
        return site

    yield make
    for site in sites:
        site.manage("migrate", "core", "zero")


def _as_application(deployed: Deployment) -> dict[str, str]:
    """Return the environment of a process on EC2: the application's role and nothing else of AWS."""
    cloud = deployed.cloud.description
    role = f"arn:aws:iam::{cloud.account}:role/alees/local/alees-local-application"
    keys = deployed.client("sts").assume_role(RoleArn=role, RoleSessionName="erp")["Credentials"]
    return {
        **caller_environment_without_aws(),
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_REGION": cloud.region,
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
        "AWS_SECRETS_PREFIX": "alees/",
        "ALEES_ENVIRONMENT": "local",
    }


def _wait_for_answers(load: Load, more: int) -> None:
    """Wait until so many more requests were answered, well or not."""
    wanted = load.attempts + more
    for _ in range(600):
        if load.attempts >= wanted:
            return
        time.sleep(0.1)
    pytest.fail(f"{wanted - load.attempts} of {more} answers did not come within a minute")


@OPTIONS
def test_no_request_fails_when_the_login_is_rotated_meanwhile(
    deployed: Deployment, make_site: MakeSite, options: dict[str, object]
) -> None:
    site = make_site(options)
    with site.served() as url, under_load(f"{url}/paid", f"{url}/slow") as load:
        _wait_for_answers(load, 20)
        for _ in range(ROTATIONS):
            deployed.rotate(PATH)
            _wait_for_answers(load, 20)  # from the second rotation on, what the processes began with is refused
    print(f"{ROTATIONS} rotations: {load.attempts} requests, {len(load.failures)} failed, {load.answers}")  # noqa: T201
    assert load.failures == [], site.log.read_text()
    assert load.answers.keys() <= {"paid", *deployed.environment.database.logins}
    assert deployed.value()["password"] not in site.log.read_text()


@OPTIONS
def test_only_work_on_ended_sessions_fails_when_a_login_is_revoked_after_two_rotations(
    deployed: Deployment, make_site: MakeSite, options: dict[str, object]
) -> None:
    site = make_site(options)
    with site.served() as url, under_load(f"{url}/slow") as load:
        _wait_for_answers(load, 20)
        deployed.rotate(PATH)
        deployed.rotate(PATH)
        revoked = deployed.value(PATH, "AWSPREVIOUS")["username"]
        with _admin(deployed) as admin:
            ended = _revoke(admin, revoked)
        _wait_for_answers(load, 40)
        failed = len(load.failures)
        _wait_for_answers(load, 40)
    shown = f"{load.attempts} requests, {failed} failed, {ended} sessions ended"
    print(f"emergency: {shown}")  # noqa: T201 - a figure
    assert len(load.failures) == failed, "requests fail that began after the sessions were ended"
    assert failed <= ended, shown


def _admin(deployed: Deployment) -> Connection:
    database = deployed.environment.database
    secrets = deployed.client("secretsmanager")
    admin = json.loads(secrets.get_secret_value(SecretId=database.admin_secret)["SecretString"])
    return deployed.login({"host": database.host, "port": database.port, "dbname": database.name, **admin})


def _revoke(admin: Connection, login: str) -> int:
    """Lock a login and end its sessions, as `./alees-secrets revoke` does; return how many there were."""
    admin.execute(f"ALTER ROLE {login} NOLOGIN")
    admin.execute(f"GRANT {login} TO CURRENT_USER WITH INHERIT TRUE, SET FALSE")
    return len(
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [login]).fetchall()
    )


def test_no_value_is_shown_when_django_prints_settings_and_errors(deployed: Deployment, make_site: MakeSite) -> None:
    site = make_site({}, debug=True)
    values = {deployed.value()[field] for field in ("password", "username")}
    printed = site.manage("diffsettings", "--all") + site.manage("check", "--deploy") + site.manage("inspectdb")
    assert "alees_secrets.django.postgresql" in printed
    assert "(alees_secrets." not in printed  # its checks find nothing
    assert not any(value in printed for value in values)
