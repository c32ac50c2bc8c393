"""Nothing that shows an error shows a value: not its text, its chain, or the variables of the frames it passed through.

Django's error page and its mails to administrators show those variables.
"""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError

import alees_secrets
from alees_secrets import (
    AwsSecretSource,
    InvalidSecretError,
    JwtKey,
    SecretFields,
    SecretsError,
    SecretsManager,
    SecretVersion,
    Settings,
)
from alees_secrets.kinds import check_fields, kind_of
from tests.fakes.canary import CANARY, exception_texts

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

PACKAGE = str(Path(alees_secrets.__file__).parent)
EMAIL = "email/credentials"
FULL = "alees/prod/email/credentials"


def _shown(error: BaseException) -> str:
    """Return what an error page shows of *error*: its chain, and the variables of this package's frames."""
    found: traceback.TracebackException | None = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames: list[str] = []
    while found is not None:
        frames += [str(frame.locals) for frame in found.stack if frame.filename.startswith(PACKAGE)]
        found = found.__cause__ or found.__context__
    return "\n".join([*frames, *exception_texts(error)])


def _fields(**changed: str | int) -> dict[str, str | int]:
    return {"host": "h", "port": 587, "username": "u", "password": CANARY, **changed}


def _read(manager: SecretsManager) -> object:
    return manager.get_secret(EMAIL)


CALLS: dict[str, tuple[str, Callable[[SecretsManager], object]]] = {
    "damaged": (f'{{"password": "{CANARY}"', _read),
    "incomplete": (f'{{"password": "{CANARY}"}}', _read),
    "placeholder": (f'{{"alees_not_initialized": "true", "x": "{CANARY}"}}', _read),
    "preload": (f'{{"password": "{CANARY}"', lambda manager: manager.preload([EMAIL])),
    "create": ("{}", lambda manager: manager.create_secret(EMAIL, _fields())),
    "invalid": ("{}", lambda manager: manager.update_secret(EMAIL, _fields(port=CANARY))),
    "too long": ("{}", lambda manager: manager.update_secret(EMAIL, _fields(password=CANARY * 3000))),
    "caller's key": ("{}", lambda manager: manager.accepts_api_key("partners", CANARY, CANARY)),
    "bad service": ("{}", lambda manager: manager.accepts_api_key("a/b", CANARY, CANARY)),
    "bad name": ("{}", lambda manager: manager.update_secret("alees/prod/x", _fields())),
}


@pytest.mark.parametrize(("stored", "call"), CALLS.values(), ids=CALLS)
def test_no_value_is_shown_when_a_call_fails(
    aws: "SecretsManagerClient", source: AwsSecretSource, stored: str, call: Callable[[SecretsManager], object]
) -> None:
    aws.create_secret(Name=FULL, SecretString=stored)
    manager = SecretsManager(Settings(environment="prod", region="eu-central-1"), source=source)
    with pytest.raises(SecretsError) as caught:
        call(manager)
    assert CANARY not in _shown(caught.value)


@pytest.mark.parametrize("write", [SecretsManager.create_secret, SecretsManager.update_secret])
def test_no_value_is_shown_when_aws_is_away_during_a_write(
    source: AwsSecretSource, write: Callable[[SecretsManager, str, dict[str, str | int]], object]
) -> None:
    def fail(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="nowhere")

    source._aws.client().meta.events.register("before-call.secretsmanager.*", fail)
    manager = SecretsManager(Settings(environment="prod", region="eu-central-1"), source=source)
    with pytest.raises(SecretsError) as caught:
        write(manager, EMAIL, _fields())
    assert CANARY not in _shown(caught.value)


def test_no_key_is_shown_when_a_jwt_key_is_damaged() -> None:
    fields = SecretFields({"secret_key": CANARY, "algorithm": "RS256"})
    with pytest.raises(SecretsError) as caught:
        JwtKey(SecretVersion(fields, "v1", 0)).verification_key()
    assert CANARY not in _shown(caught.value)


def test_no_value_is_shown_when_a_version_is_displayed() -> None:
    version = SecretVersion(SecretFields({"password": CANARY}), "v1", 0)
    assert CANARY not in f"{version} {version!r} {[version]}"


def test_value_is_seen_when_a_frame_holds_it() -> None:
    with pytest.raises(InvalidSecretError) as caught:
        check_fields(kind_of(EMAIL), _fields(port=0))
    assert CANARY in _shown(caught.value)
