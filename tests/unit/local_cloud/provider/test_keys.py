"""The keys that the local provider has issued."""

import pytest

from local_cloud.provider.keys import Keys, TooManyKeysError
from tests.fakes.canary import CANARY


def test_a_key_is_accepted_until_it_is_revoked() -> None:
    keys = Keys(2)
    key, other = keys.create("a"), keys.create("a")

    assert keys.accept(key.public, key.secret)
    assert not keys.accept(key.public, other.secret)
    assert not keys.accept(key.public, f"{key.secret}\u00e9")
    assert keys.list() == [key, other]

    assert keys.revoke(key.id)
    assert not keys.revoke(key.id)
    assert not keys.accept(key.public, key.secret)


def test_no_key_is_made_when_as_many_as_may_be_are_live() -> None:
    keys = Keys(1)
    keys.create("a")

    with pytest.raises(TooManyKeysError):
        keys.create("b")


def test_the_secret_is_not_shown_when_a_key_is_printed() -> None:
    key = Keys(1).create(CANARY)

    assert CANARY in repr(key)
    assert key.secret not in repr(key)
