"""The function's environment variables."""

from pathlib import Path

import pytest

from rotation_handlers.email.settings import CERTIFICATES, EmailSettings, SesSettings
from rotation_handlers.errors import Cause, RotationError

SES = {
    "EMAIL_PROVIDER": "ses",
    "EMAIL_CERTIFICATES": "system",
    "EMAIL_HOST": "email-smtp.eu-central-1.amazonaws.com",
    "EMAIL_PORT": "587",
    "EMAIL_REGION": "eu-central-1",
    "EMAIL_USER": "alees-prod-smtp",
}


def test_the_endpoint_and_the_user_are_read_when_ses_issues_the_keys() -> None:
    assert EmailSettings.from_environment(SES) == EmailSettings(
        ses=SesSettings(host=SES["EMAIL_HOST"], port=587, region="eu-central-1", user="alees-prod-smtp"),
        certificate_authority=None,
    )


def test_nothing_else_is_needed_when_people_set_the_credentials() -> None:
    settings = EmailSettings.from_environment({"EMAIL_PROVIDER": "by-hand", "EMAIL_CERTIFICATES": "package"})

    assert settings == EmailSettings(ses=None, certificate_authority=CERTIFICATES)
    # In a package, rotation_handlers/ lies beside the certificates.
    assert Path(__file__).parents[4] / "certificate-authority.pem" == CERTIFICATES


@pytest.mark.parametrize("name", SES)
def test_the_variable_is_named_when_it_is_missing(name: str) -> None:
    with pytest.raises(RotationError, match=f"^environment variable {name} is missing; deploy") as caught:
        EmailSettings.from_environment({key: value for key, value in SES.items() if key != name})

    assert caught.value.cause is Cause.BAD_SETTINGS


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("EMAIL_PORT", "EMAIL_PORT must be a number"),
        ("EMAIL_PROVIDER", "EMAIL_PROVIDER must be ses or by-hand"),
        ("EMAIL_CERTIFICATES", "EMAIL_PROVIDER must be ses or by-hand, EMAIL_CERTIFICATES package or system"),
    ],
)
def test_what_is_allowed_is_told_when_a_variable_is_malformed(name: str, message: str) -> None:
    with pytest.raises(RotationError, match=f"^{message}"):
        EmailSettings.from_environment({**SES, name: "x"})
