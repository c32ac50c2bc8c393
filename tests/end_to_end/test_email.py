"""The mail credentials rotate: access keys of IAM, a login at a real SMTP server, never more than two keys."""

import smtplib
from typing import Any

import pytest

from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers

PATH = "email/credentials"
DAY_SECONDS = 86400


def keys(deployed: Deployment) -> dict[str, str]:
    """Return the sending user's keys and their status."""
    user = f"alees-{deployed.environment.slug}-smtp"
    found = deployed.client("iam").list_access_keys(UserName=user)["AccessKeyMetadata"]
    return {key["AccessKeyId"]: key["Status"] for key in found}


@pytest.mark.parametrize("name", ["Local", "Prod"])
def test_both_values_log_in_and_older_keys_are_gone_after_rotations(
    deployments: dict[str, Deployment], name: str
) -> None:
    deployed = deployments[name]
    for _ in range(3):
        before = deployed.value(PATH)
        deployed.rotate(PATH)

        after = deployed.value(PATH)
        assert after["username"] != before["username"]
        for fields in (before, after):
            deployed.mail_login(fields)
        assert keys(deployed) == {before["username"]: "Active", after["username"]: "Active"}


def test_the_login_is_refused_when_the_stored_value_is_corrupted(deployed: Deployment) -> None:
    fields = deployed.value(PATH)

    with pytest.raises(smtplib.SMTPAuthenticationError):
        deployed.mail_login(fields | {"password": fields["password"][::-1]})


def test_the_secret_rotates_by_its_schedule(deployed: Deployment) -> None:
    before = deployed.value(PATH)

    deployed.cloud.advance(91 * DAY_SECONDS)
    deployed.wait_for(lambda: deployed.value(PATH) != before and deployed.is_settled())

    deployed.mail_login(deployed.value(PATH))


def test_a_key_that_somebody_made_is_ended_by_the_next_rotation(deployed: Deployment) -> None:
    iam: Any = deployed.client("iam")
    deployed.rotate(PATH)  # two keys, whatever another test ended by hand
    current = deployed.value(PATH)["username"]
    (previous,) = keys(deployed).keys() - {current}
    iam.delete_access_key(UserName="alees-local-smtp", AccessKeyId=previous)
    stray = iam.create_access_key(UserName="alees-local-smtp")["AccessKey"]["AccessKeyId"]

    deployed.rotate(PATH)

    assert stray not in keys(deployed)
    assert len(keys(deployed)) == 2
    deployed.mail_login(deployed.value(PATH))
