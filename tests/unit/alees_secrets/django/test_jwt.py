import jwt as pyjwt
import pytest

from alees_secrets import SecretsManager
from alees_secrets.django import jwt
from alees_secrets.testing import InMemorySource

PATH = "jwt/credentials"


@pytest.mark.usefixtures("in_memory")
def test_claims_come_back_when_the_token_is_ours() -> None:
    token = jwt.sign({"sub": "7", "aud": "erp"})
    assert jwt.verify(token, audience="erp") == {"sub": "7", "aud": "erp"}
    assert pyjwt.get_unverified_header(token)["kid"] == SecretsManager().signing_key().kid


def test_tokens_of_both_keys_hold_when_the_key_was_rotated(in_memory: InMemorySource) -> None:
    before = jwt.sign({"sub": "7"})
    in_memory.rotate_now(PATH)
    SecretsManager().refresh(PATH)
    assert jwt.verify(before) == {"sub": "7"}
    assert jwt.verify(jwt.sign({"sub": "8"})) == {"sub": "8"}


def test_token_is_refused_when_its_key_is_not_in_use(in_memory: InMemorySource) -> None:
    before = jwt.sign({"sub": "7"})
    in_memory.rotate_now(PATH)
    in_memory.revoke(PATH)
    SecretsManager().refresh(PATH)
    with pytest.raises(pyjwt.InvalidTokenError, match="names no key in use"):
        jwt.verify(before)


@pytest.mark.parametrize("header", [{}, {"kid": "unknown"}])
@pytest.mark.usefixtures("in_memory")
def test_token_is_refused_when_its_header_names_no_key(header: dict[str, str]) -> None:
    token = pyjwt.encode({}, "x" * 32, algorithm="HS256", headers=header)
    with pytest.raises(pyjwt.InvalidTokenError, match="names no key in use"):
        jwt.verify(token)


@pytest.mark.usefixtures("in_memory")
def test_no_frame_holds_the_key_when_claims_cannot_be_encoded() -> None:
    with pytest.raises(TypeError) as caught:
        jwt.sign({"sub": object()})
    key = SecretsManager().get_secret(PATH)["secret_key"]
    assert not any(key in repr(entry.locals) for entry in caught.traceback[1:])


@pytest.mark.usefixtures("in_memory")
def test_claim_is_checked_when_options_ask_for_it() -> None:
    with pytest.raises(pyjwt.InvalidAudienceError):
        jwt.verify(jwt.sign({"aud": "erp"}), audience="another")
