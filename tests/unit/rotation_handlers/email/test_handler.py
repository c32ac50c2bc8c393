"""The entry point, as far as it goes without AWS."""

import pytest

from rotation_handlers.email.handler import handler
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN
from tests.unit.rotation_handlers.email.test_settings import SES

EVENT = {"Step": "createSecret", "SecretId": ARN, "ClientRequestToken": "token"}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SES, "AWS_DEFAULT_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")


@pytest.mark.parametrize("provider", ["ses", "by-hand"])
def test_the_time_is_what_is_missing_when_everything_is_set(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.setenv("EMAIL_PROVIDER", provider)

    with pytest.raises(RotationStepFailed, match="^deadline: "):
        handler(EVENT, FakeContext(0))


def test_the_event_is_refused_when_it_is_no_rotation_request() -> None:
    with pytest.raises(RotationStepFailed, match="^bad-event: "):
        handler({}, FakeContext())


def test_the_step_is_refused_when_a_setting_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAIL_USER")

    with pytest.raises(RotationStepFailed, match="^bad-settings: environment variable EMAIL_USER is missing"):
        handler(EVENT, FakeContext())
