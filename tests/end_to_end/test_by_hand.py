"""What people do by hand: an emergency, a rotation that stopped at each step, going back, setting a value."""

import json
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.end_to_end.by_hand import (
    DATABASE,
    EMAIL,
    JWT,
    WHY,
    answer,
    command,
    holder,
    interruptible,
    recorded,
)
from tests.end_to_end.conftest import Deployment
from tests.fakes.postgres import Connection, Server

pytestmark = pytest.mark.servers


def test_what_an_emergency_does_is_shown_and_nothing_happens_when_it_is_declined(deployed: Deployment) -> None:
    before = deployed.labels(DATABASE)

    declined = command(deployed, "rotate", "--emergency", DATABASE, *WHY[:-1], value="n\n")

    assert declined.returncode == 1
    assert "4. revoke the old one: it is refused from then on, and its sessions end" in declined.stderr
    assert deployed.labels(DATABASE) == before


def test_nothing_happens_when_the_question_is_interrupted(deployed: Deployment) -> None:
    before = deployed.labels(DATABASE)
    with subprocess.Popen(
        interruptible(deployed, "revoke", DATABASE, *WHY[:-1]),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as asking:
        assert asking.stderr is not None
        line = asking.stderr.readline()
        while line and "3. end its credential" not in line:  # the plan's last line
            line = asking.stderr.readline()
        time.sleep(0.5)  # until it asks
        asking.send_signal(signal.SIGINT)
        _, told = asking.communicate(timeout=60)

    assert (asking.returncode, "interrupted; nothing was done" in told) == (130, True)
    assert deployed.labels(DATABASE) == before


def test_an_interrupted_emergency_says_what_ends_it_and_that_does(deployed: Deployment) -> None:
    old, version = deployed.value(), holder(deployed, DATABASE, "AWSCURRENT")
    arguments = interruptible(deployed, "rotate", "--emergency", DATABASE, *WHY)
    with _as_admin(deployed) as admin, subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        while "recording who" not in running.stderr.readline():  # the version before is ended by then
            assert running.poll() is None
        admin.execute("SELECT pg_advisory_lock(%s)", (Server.lock_of(deployed.environment.database.owner),))
        deployed.wait_for(lambda: _pending(deployed, DATABASE) is not None)
        time.sleep(1.5)  # until it watches: no label tells that
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)

    assert running.returncode == 130
    assert "the rotation goes on by itself in AWS; the old credential works until it is revoked" in told
    command = told.partition("To finish: ./alees-secrets ")[2].strip()
    why = "--environment Local --reason 'key was in a log' --incident INC-7"
    assert command == f"revoke {DATABASE} --version-id {version} {why}"
    deployed.wait_for(lambda: _pending(deployed, DATABASE) is None)
    deployed.login(old).close()

    answer(deployed, "revoke", DATABASE, *WHY)

    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        deployed.login(old)


def _pending(deployed: Deployment, path: str) -> str | None:
    version = holder(deployed, path, "AWSPENDING")
    return version if version != holder(deployed, path, "AWSCURRENT") else None


@contextmanager
def _as_admin(deployed: Deployment) -> Iterator[Connection]:
    client = deployed.client("secretsmanager")
    secret = client.get_secret_value(SecretId=deployed.environment.database.admin_secret)
    admin = json.loads(secret["SecretString"])
    value = {**deployed.value(), "username": admin["username"], "password": admin["password"]}
    with deployed.login(value) as connection:
        yield connection


def _stop_before(deployed: Deployment, step: str) -> str:
    """Have a rotation be given up at *step*, and mend what stood in its way; return its version."""
    failures = deployed.failures()
    client = deployed.client("secretsmanager")
    ways = {
        "createSecret": _denied(deployed, "PutSecretValue"),
        "setSecret": deployed.refused_admin(),
        "testSecret": _unlike_logins(deployed),
        "finishSecret": _denied(deployed, "UpdateSecretVersionStage"),
    }
    with ways[step]:
        version = str(client.rotate_secret(SecretId=deployed.name(DATABASE))["VersionId"])
        deployed.wait_for(lambda: deployed.failures() > failures)
    return version


@contextmanager
def _unlike_logins(deployed: Deployment) -> Iterator[None]:
    """Give one login an attribute that the other lacks: testSecret refuses that."""
    login = deployed.environment.database.logins[0]
    with _as_admin(deployed) as admin:
        admin.execute(f"ALTER ROLE {login} CONNECTION LIMIT 50")
        try:
            yield
        finally:
            admin.execute(f"ALTER ROLE {login} CONNECTION LIMIT -1")


@contextmanager
def _denied(deployed: Deployment, action: str, kind: str = "database") -> Iterator[None]:
    """Take an action from the function's role that one step alone needs."""
    iam, role = deployed.client("iam"), f"alees-local-{kind}-rotation"
    denied = {"Effect": "Deny", "Action": f"secretsmanager:{action}", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    iam.put_role_policy(RoleName=role, PolicyName="test", PolicyDocument=document)
    try:
        yield
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="test")


# What is left to do when the cause is gone: nothing but the label, where the target accepts the value already.
STEPS = {
    "createSecret": "createSecret",
    "setSecret": "setSecret",
    "testSecret": "finishSecret",
    "finishSecret": "finishSecret",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_rotation_that_stopped_is_finished_with_its_own_version(deployed: Deployment, step: str) -> None:
    version = _stop_before(deployed, step)
    refused = command(deployed, "rotate", DATABASE, *WHY)
    assert (refused.returncode, "is not over" in refused.stderr, "recover" in refused.stderr) == (1, True, True)

    (done,) = answer(deployed, "recover", *WHY)

    assert (done["version_id"], done["step"], done["outcome"]) == (version, STEPS[step], "finished")
    assert holder(deployed, DATABASE, "AWSCURRENT") == version
    deployed.login(deployed.value()).close()


@pytest.mark.parametrize("step", STEPS)
def test_a_rotation_that_stopped_is_given_up_and_another_one_succeeds(deployed: Deployment, step: str) -> None:
    before = deployed.value()
    version = _stop_before(deployed, step)

    (done,) = answer(deployed, "recover", DATABASE, "--discard", *WHY)

    assert (done["version_id"], done["step"], done["outcome"]) == (version, STEPS[step], "discarded")
    assert deployed.labels(DATABASE).get(version, []) == []
    assert deployed.value() == before
    deployed.login(before).close()
    deployed.rotate(DATABASE)
    deployed.login(deployed.value()).close()


def test_a_rotation_of_a_kind_without_target_is_named_and_finished(deployed: Deployment) -> None:
    failures = deployed.failures()
    with _denied(deployed, "UpdateSecretVersionStage", "jwt"):
        version = deployed.client("secretsmanager").rotate_secret(SecretId=deployed.name(JWT))["VersionId"]
        deployed.wait_for(lambda: deployed.failures() > failures)

    (done,) = answer(deployed, "recover", JWT, *WHY)

    assert (done["version_id"], done["step"], done["outcome"]) == (version, "finishSecret", "finished")
    assert holder(deployed, JWT, "AWSCURRENT") == version


def test_what_stands_in_the_way_is_told_while_it_does(deployed: Deployment) -> None:
    failures = deployed.failures()
    with _unlike_logins(deployed):
        deployed.client("secretsmanager").rotate_secret(SecretId=deployed.name(DATABASE))
        deployed.wait_for(lambda: deployed.failures() > failures)

        told = command(deployed, "recover", *WHY)

    assert told.returncode == 1
    assert "To be done next: testSecret." in told.stderr
    assert "privilege: the two logins differ in rolconnlimit" in told.stderr
    assert "Traceback" not in told.stderr
    answer(deployed, "recover", *WHY)


def test_it_is_said_when_no_rotation_is_stuck(deployed: Deployment) -> None:
    done = command(deployed, "recover", *WHY)

    assert (done.returncode, done.stdout) == (0, "No rotation is stuck.\n")


@pytest.mark.parametrize("path", [DATABASE, JWT])
def test_the_version_before_is_in_use_again_when_it_is_gone_back_to(deployed: Deployment, path: str) -> None:
    before = deployed.value(path)
    deployed.rotate(path)

    answer(deployed, "rollback", path, *WHY)

    assert deployed.value(path) == before
    recorded(deployed, path, "rollback")
    deployed.rotate(path)


def test_a_value_from_standard_input_is_in_use_when_it_works(deployed: Deployment) -> None:
    value = {"secret_key": secrets.token_urlsafe(32), "algorithm": "HS256"}

    done = answer(deployed, "set", JWT, *WHY, value=json.dumps(value))

    assert holder(deployed, JWT, "AWSCURRENT") == done["version_id"]
    assert deployed.value(JWT) == value
    recorded(deployed, JWT, "set")
    deployed.rotate(JWT)


def test_a_login_that_is_refused_is_not_put_into_use(deployed: Deployment) -> None:
    before = deployed.value()

    done = command(deployed, "set", DATABASE, *WHY, value=json.dumps({**before, "password": "only-for-this-test"}))

    assert done.returncode == 1
    assert "refused: authentication: PostgreSQL could not be connected to" in done.stderr
    assert "only-for-this-test" not in done.stderr
    assert deployed.value() == before


def test_a_mail_password_is_tried_before_it_is_put_into_use(deployed: Deployment) -> None:
    before, version = deployed.value(EMAIL), holder(deployed, EMAIL, "AWSCURRENT")

    refused = command(deployed, "set", EMAIL, *WHY, value=json.dumps({**before, "password": "only-for-this-test"}))
    assert (refused.returncode, holder(deployed, EMAIL, "AWSCURRENT")) == (1, version)
    # A key that was made just now may be unknown yet, so it cannot be told which of the two it is.
    assert re.search("refused: (authentication|provider): ", refused.stderr)
    assert "only-for-this-test" not in refused.stderr

    done = answer(deployed, "set", EMAIL, *WHY, value=json.dumps(before))
    assert holder(deployed, EMAIL, "AWSCURRENT") == done["version_id"]
    recorded(deployed, EMAIL, "set")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["revoke", "database/credential", *WHY], 2, "secret is 'database/credential'; Local declares"),
        (["revoke", DATABASE, "--reason", "r", "--json"], 2, "--json asks no questions; give --yes"),
        (["rotate", "--emergency", DATABASE, "--reason", "r", "--yes"], 2, "--emergency needs --incident"),
        (["rotate", *WHY], 2, "give one secret's NAME, or --kind for all of a kind"),
        (["revoke", DATABASE, "--reason", " ", "--yes"], 2, "--reason has 0 characters; allowed are 1 to 256"),
        (["set", DATABASE, "--reason", "r"], 2, "give --yes"),
        (["set", DATABASE, *WHY], 2, "the value cannot be used: it is not one JSON object; nothing was sent"),
    ],
)
def test_one_clear_error_is_printed_when_a_command_is_wrong(
    deployed: Deployment, arguments: list[str], code: int, message: str
) -> None:
    before = {path: deployed.labels(path) for path in (DATABASE, JWT)}

    done = command(deployed, *arguments)

    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: deployed.labels(path) for path in (DATABASE, JWT)} == before
