"""Calls of IAM that do not come back."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from rotation_handlers.email.iam import ask, shared_client
from rotation_handlers.errors import Cause, RotationError


def test_nothing_of_botocores_is_chained_when_iam_does_not_answer() -> None:
    def fail() -> None:
        raise EndpointConnectionError(endpoint_url="https://iam.invalid")

    with pytest.raises(RotationError, match=r"^IAM did not answer \(EndpointConnectionError\)$") as caught:
        ask(fail)

    assert caught.value.cause is Cause.PROVIDER
    assert caught.value.__context__ is None


def test_a_call_is_tried_once_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")

    settings: Any = shared_client().meta.config

    assert settings.retries["total_max_attempts"] == 1  # twice would make two keys
    assert (settings.connect_timeout, settings.read_timeout) == (2, 5)
