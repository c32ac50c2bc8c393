"""The entry point, as far as it goes without AWS."""

import pytest

from rotation_handlers.api_key.handler import handler
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN

EVENT = {"Step": "createSecret", "SecretId": ARN, "ClientRequestToken": "token"}


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")


def test_the_event_is_refused_when_it_is_no_rotation_request() -> None:
    with pytest.raises(RotationStepFailed, match="^bad-event: "):
        handler({}, FakeContext())


def test_the_step_is_refused_when_the_package_holds_no_services() -> None:
    with pytest.raises(RotationStepFailed, match=r"^bad-settings: services\.json cannot be read"):
        handler(EVENT, FakeContext())
