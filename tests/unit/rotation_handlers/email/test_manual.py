"""Credentials that people set: verified, never made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from alees_secrets.values import SecretFields
from rotation_handlers.deadline import Deadline
from rotation_handlers.email.manual import ManualEmail
from rotation_handlers.email.settings import EmailSettings
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.strategy import Revocation
from tests.fakes.lambda_context import FakeContext
from tests.fakes.mail_server import MailServer, mail_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that somebody else runs."""
    with mail_server(tmp_path) as running:
        running.passwords["somebody"] = "right"
        yield running


def manual(authority: Path | None = None) -> ManualEmail:
    return ManualEmail(EmailSettings(ses=None, certificate_authority=authority), Deadline(FakeContext()))


def test_a_rotation_is_refused_and_told_what_to_do_instead() -> None:
    with pytest.raises(RotationError, match="set email/credentials$") as caught:
        manual().generate(None, cast("Any", None))

    assert caught.value.cause is Cause.BAD_SETTINGS


def test_the_value_is_verified_by_a_login(server: MailServer) -> None:
    strategy = manual(server.certificate_authority)

    strategy.verify(SecretFields(server.value("somebody", "right")))
    with pytest.raises(RotationError) as caught:
        strategy.test(SecretFields(server.value("somebody", "wrong")))

    assert caught.value.cause is Cause.AUTHENTICATION


def test_nothing_is_changed_at_the_server_when_a_value_is_revoked_or_discarded(server: MailServer) -> None:
    strategy = manual(server.certificate_authority)
    value = SecretFields(server.value("somebody", "right"))

    assert strategy.revoke(Revocation(value, value)).counts == {}
    strategy.discard(value, value)
    with strategy.open_target() as target, strategy.hold(value) as held:
        assert (target.apply(value), held.switch(value)) == ({}, None)  # type: ignore[func-returns-value]
    strategy.check(value, value)
    strategy.verify(value)
