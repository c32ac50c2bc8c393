"""An emergency, for each kind: the old credential is refused at its target, the new one works, and it is recorded."""

import json
import smtplib

import psycopg
import pytest
from botocore.exceptions import ClientError

from local_cloud.cloud import RunningCloud
from tests.end_to_end.by_hand import DATABASE, EMAIL, JWT, WHY, answer, holder, recorded
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.test_api_keys import accepted, erp
from tests.end_to_end.test_email import keys
from tests.fakes.postgres import Connection

pytestmark = pytest.mark.servers


def _ended(session: Connection) -> bool:
    try:
        session.execute("SELECT 1")
    except psycopg.OperationalError:
        return True
    return False


def test_an_emergency_ends_both_logins_sessions_and_the_old_login_and_the_new_one_works(deployed: Deployment) -> None:
    deployed.rotate(DATABASE)
    before, old = deployed.value(stage="AWSPREVIOUS"), deployed.value()
    sessions = [deployed.login(each) for each in (before, old)]
    versions = [holder(deployed, DATABASE, label) for label in ("AWSPREVIOUS", "AWSCURRENT")]

    done = answer(deployed, "rotate", "--emergency", DATABASE, *WHY)

    assert [done["before"]["revoked_version_id"], done["revoked_version_id"]] == versions
    assert done["version_id"] == holder(deployed, DATABASE, "AWSCURRENT")
    assert min(done["before"]["sessions_ended"], done["sessions_ended"]) >= 1
    assert [_ended(session) for session in sessions] == [True, True]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        deployed.login(before)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        deployed.login(old)
    deployed.login(deployed.value()).close()
    assert holder(deployed, DATABASE, "alees-revoked") == versions[-1]
    assert holder(deployed, DATABASE, "AWSPREVIOUS") is None
    recorded(deployed, DATABASE, "revoke")

    deployed.rotate(DATABASE)
    deployed.login(deployed.value()).close()


def test_an_emergency_ends_both_logins_sessions_when_the_value_in_use_was_put_once_more(deployed: Deployment) -> None:
    deployed.rotate(DATABASE)
    other, old = deployed.value(stage="AWSPREVIOUS"), deployed.value()
    sessions = [deployed.login(each) for each in (other, old)]
    deployed.client("secretsmanager").put_secret_value(SecretId=deployed.name(DATABASE), SecretString=json.dumps(old))

    done = answer(deployed, "rotate", "--emergency", DATABASE, *WHY)

    assert done["left"] is None
    assert [_ended(session) for session in sessions] == [True, True]
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        deployed.login(old)
    deployed.login(deployed.value()).close()


def test_an_emergency_takes_the_old_key_from_whoever_reads_afresh(deployed: Deployment) -> None:
    old = deployed.value(JWT)

    (done,) = answer(deployed, "rotate", "--emergency", "--kind", "jwt", *WHY)

    assert deployed.labels(JWT)[done["revoked_version_id"]] == ["alees-revoked"]
    assert deployed.value(JWT) != old
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        deployed.value(JWT, stage="AWSPREVIOUS")
    recorded(deployed, JWT, "revoke")


def test_an_emergency_ends_the_old_mail_key_and_the_new_one_works(deployed: Deployment) -> None:
    old = deployed.value(EMAIL)

    answer(deployed, "rotate", "--emergency", EMAIL, *WHY)

    with pytest.raises(smtplib.SMTPAuthenticationError):
        deployed.mail_login(old)
    new = deployed.value(EMAIL)
    deployed.mail_login(new)
    assert keys(deployed) == {new["username"]: "Active"}
    recorded(deployed, EMAIL, "revoke")


def test_an_emergency_ends_the_old_key_at_its_provider_and_the_new_one_works(
    deployed: Deployment, cloud: RunningCloud
) -> None:
    old = deployed.value("api/payments/key")

    answer(deployed, "rotate", "--emergency", "api/payments/key", *WHY)

    assert [accepted(cloud, each) for each in (old, deployed.value("api/payments/key"))] == [False, True]
    recorded(deployed, "api/payments/key", "revoke")


def test_an_emergency_ends_the_old_key_of_the_erps_own(deployed: Deployment) -> None:
    old = deployed.value("api/partners/key")

    answer(deployed, "rotate", "--emergency", "api/partners/key", *WHY)

    new = deployed.value("api/partners/key")
    assert [erp(deployed).accepts_api_key("partners", **each) for each in (old, new)] == [False, True]
    recorded(deployed, "api/partners/key", "revoke")
