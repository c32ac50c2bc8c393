"""Access keys as SMTP credentials: what IAM is asked for, and when a refusal is definite."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import boto3
import pytest
from botocore.stub import Stubber

from alees_secrets.kinds import KINDS, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.deadline import MARGIN_SECONDS, Deadline
from rotation_handlers.email.ses import PAUSE_SECONDS, YOUNG_SECONDS, SesKeys
from rotation_handlers.email.ses_password import smtp_password
from rotation_handlers.email.settings import SesSettings
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.canary import exception_texts
from tests.fakes.iam import FakeIam
from tests.fakes.lambda_context import FakeContext

SETTINGS = SesSettings(host="email-smtp.test", port=587, region="eu-central-1", user="alees-local-smtp")
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass
class Mail:
    """SES, which knows a key some seconds after IAM made it; time passes when somebody sleeps.

    Attributes:
        iam: The keys.
        knows_after_seconds: How long it takes; None for ever.
        seconds: What the function has left at the start.
    """

    iam: FakeIam = field(default_factory=lambda: FakeIam(now=START))
    knows_after_seconds: float | None = 0.0
    seconds: float = 40.0
    passed: float = 0.0
    logins: int = 0
    refusal: Cause = Cause.AUTHENTICATION

    def keys(self) -> SesKeys:
        deadline = Deadline(FakeContext(MARGIN_SECONDS + self.seconds), clock=lambda: self.passed)
        return SesKeys(
            SETTINGS,
            deadline,
            cast("Any", self.iam),
            self.log_in,
            now=lambda: START + dt.timedelta(seconds=self.passed),
            sleep=self.sleep,
        )

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def log_in(self, value: SecretFields) -> None:
        self.logins += 1
        key = self.iam.keys.get(str(value["username"]))
        known = self.knows_after_seconds is not None and self.passed >= self.knows_after_seconds
        if key is None or not known or value["password"] != smtp_password(key.secret, "eu-central-1"):
            raise RotationError(self.refusal, "refused")


def test_the_value_is_a_secrets_and_its_password_is_derived_when_a_key_is_made() -> None:
    mail = Mail()

    value = mail.keys().create("token")

    check_fields(KINDS[KindName.EMAIL], value)
    ((key_id, key),) = mail.iam.keys.items()
    assert value == {
        "host": "email-smtp.test",
        "port": 587,
        "username": key_id,
        "password": smtp_password(key.secret, "eu-central-1"),
    }
    assert key.secret not in str(value)


def test_every_key_is_listed_when_one_is_inactive() -> None:
    mail = Mail()
    keys = mail.keys()
    ids = [keys.id_of(SecretFields(keys.create("token"))) for _ in range(2)]
    mail.iam.update_access_key(UserName=SETTINGS.user, AccessKeyId=ids[0], Status="Inactive")

    assert keys.list_credentials() == dict.fromkeys(ids)


def test_the_limit_is_told_when_the_user_has_two_keys() -> None:
    mail = Mail()
    keys = mail.keys()
    keys.create("one")
    keys.create("two")

    with pytest.raises(RotationError, match="^the IAM user has two access keys already") as caught:
        keys.create("three")

    assert caught.value.cause is Cause.PROVIDER
    secrets = [key.secret for key in mail.iam.keys.values()]
    assert not [text for text in exception_texts(caught.value) for secret in secrets if secret in text]


def test_a_key_is_made_inactive_before_it_is_deleted_and_stays_gone() -> None:
    mail = Mail()
    keys = mail.keys()
    key_id = keys.id_of(SecretFields(keys.create("token")))

    for _ in range(2):
        keys.revoke(key_id)

    assert mail.iam.keys == {}
    assert (mail.iam.calls["UpdateAccessKey"], mail.iam.calls["DeleteAccessKey"]) == (2, 1)


def test_a_key_is_deleted_when_the_one_before_died_between_the_two_calls() -> None:
    mail = Mail()
    keys = mail.keys()
    key_id = keys.id_of(SecretFields(keys.create("token")))
    _inactive(mail, key_id)

    keys.revoke(key_id)

    assert mail.iam.keys == {}


@pytest.mark.parametrize("call", ["UpdateAccessKey", "DeleteAccessKey"])
def test_a_key_counts_as_ended_when_it_goes_away_meanwhile(call: str) -> None:
    mail = Mail()
    keys = mail.keys()
    key_id = keys.id_of(SecretFields(keys.create("token")))
    mail.iam.refusals[call] = "NoSuchEntity"

    keys.revoke(key_id)

    assert mail.iam.calls[call] == 1


@pytest.mark.parametrize("user", ["mailer", "erp@alees.example"])
def test_a_login_at_another_server_is_no_key_to_end(monkeypatch: pytest.MonkeyPatch, user: str) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    client = boto3.client("iam", region_name="eu-central-1")  # botocore refuses an id that is too short for a key's

    with Stubber(client):  # it answers nothing
        SesKeys(SETTINGS, Deadline(FakeContext()), client, lambda _: None).revoke(user)


def test_a_key_that_the_list_does_not_show_yet_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = Mail()
    keys = mail.keys()
    key_id = keys.id_of(SecretFields(keys.create("token")))
    monkeypatch.setattr(keys, "list_credentials", dict)

    keys.revoke(key_id)

    assert mail.iam.keys == {}


def test_the_login_is_tried_again_while_the_key_is_young() -> None:
    mail = Mail(knows_after_seconds=9.0)
    keys = mail.keys()

    keys.verify(SecretFields(keys.create("token")))

    assert mail.passed == 5 * PAUSE_SECONDS


def test_a_young_keys_refusal_is_not_definite_when_the_time_is_used_up() -> None:
    mail = Mail(knows_after_seconds=None)
    keys = mail.keys()

    with pytest.raises(RotationError, match="younger than 120 s and may not be known yet$") as caught:
        keys.verify(SecretFields(keys.create("token")))

    assert caught.value.cause is Cause.PROVIDER
    assert mail.passed < mail.seconds


def _old(mail: Mail, _key_id: str) -> None:
    mail.passed = YOUNG_SECONDS


def _gone(mail: Mail, key_id: str) -> None:
    del mail.iam.keys[key_id]


def _inactive(mail: Mail, key_id: str) -> None:
    mail.iam.update_access_key(UserName=SETTINGS.user, AccessKeyId=key_id, Status="Inactive")


@pytest.mark.parametrize("become", [_old, _gone, _inactive])
def test_the_refusal_is_definite_when_the_key_is_old_gone_or_inactive(become: Callable[[Mail, str], None]) -> None:
    mail = Mail(knows_after_seconds=None, seconds=1000.0)
    keys = mail.keys()
    value = SecretFields(keys.create("token"))
    become(mail, keys.id_of(value))

    with pytest.raises(RotationError) as caught:
        keys.verify(value)

    assert (caught.value.cause, mail.logins) == (Cause.AUTHENTICATION, 1)


def test_another_error_is_passed_on_when_the_login_is_not_refused() -> None:
    mail = Mail(knows_after_seconds=None, refusal=Cause.NETWORK)
    keys = mail.keys()

    with pytest.raises(RotationError) as caught:
        keys.verify(SecretFields(keys.create("token")))

    assert (caught.value.cause, mail.logins) == (Cause.NETWORK, 1)


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("AccessDenied", Cause.IAM),
        ("NoSuchEntity", Cause.BAD_SETTINGS),
        ("ServiceFailure", Cause.PROVIDER),
        ("Throttling", Cause.PROVIDER),
    ],
)
def test_the_cause_is_told_when_iam_refuses(code: str, cause: Cause) -> None:
    mail = Mail(iam=FakeIam(refusals={"ListAccessKeys": code}))

    with pytest.raises(RotationError) as caught:
        mail.keys().list_credentials()

    assert caught.value.cause is cause


@pytest.mark.parametrize("fields", [{}, {"username": ""}, {"username": 1}])
def test_a_value_without_a_user_name_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(RotationError, match="^the value has no username") as caught:
        Mail().keys().id_of(SecretFields(fields))

    assert caught.value.cause is Cause.BAD_SECRET


def test_iam_is_not_asked_when_no_time_is_left() -> None:
    mail = Mail(seconds=0.0)

    keys = mail.keys()
    for ask in (keys.list_credentials, lambda: keys.create("token"), lambda: keys.revoke("id" * 8)):
        with pytest.raises(RotationError) as caught:
            ask()
        assert caught.value.cause is Cause.DEADLINE
    assert not mail.iam.calls
