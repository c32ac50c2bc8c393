"""Damaged secrets and databases: rotation completes or is refused, nothing is harmed, and mending is enough."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from rotation_handlers.errors import Cause, OvertakenError, RotationError, UnusablePendingError
from rotation_handlers.rotation import Step
from tests.fakes.rotations import ADMIN_SECRET, Rotations

pytestmark = pytest.mark.servers

NOT_AN_OBJECT = ["", "{", "[]", '"text"', "null", "1"]
PASSWORDS = [
    "%",
    "100%s %(name)s",
    "it's",
    'say "x"',
    "back\\slash",
    " spaces ",
    "line\nbreak",
    "\u00fcn\u00efc\u00f6d\u00e9 \u65e5\u672c",
    "\U0001f511",
    "SCRAM-SHA-256$4096:x",
    "x" * 4096,
]
NAMES = [
    "100%s",
    'o"brien',
    "o'brien",
    "two words",
    "a,b",
    "\u00fcn\u00efc\u00f6d\u00e9",
    "\u65e5\u672c",
    "$user",
    "Robert'); DROP TABLE students;--",
    "UPPER",
    "back\\slash",
]


@dataclass(frozen=True)
class Damage:
    """Something wrong with a secret.

    Attributes:
        label: Version that has it.
        change: Makes the damaged document of the good fields.
        cause: How the rotation is refused; None if it completes.
    """

    label: str
    change: Callable[[dict[str, Any]], str]
    cause: Cause | None


def _without(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda fields: json.dumps({key: value for key, value in fields.items() if key != name})


def _with(**changes: object) -> Callable[[dict[str, Any]], str]:
    return lambda fields: json.dumps(fields | changes)


def _document(text: str) -> Callable[[dict[str, Any]], str]:
    return lambda _: text


DAMAGES = {
    **{
        f"current is {text or 'empty'}": Damage("AWSCURRENT", _document(text), Cause.BAD_SECRET)
        for text in NOT_AN_OBJECT
    },
    "current has no user name": Damage("AWSCURRENT", _without("username"), Cause.BAD_SECRET),
    "current has an empty user name": Damage("AWSCURRENT", _with(username=""), Cause.BAD_SECRET),
    "current has a number as user name": Damage("AWSCURRENT", _with(username=7), Cause.BAD_SECRET),
    "current has no password": Damage("AWSCURRENT", _without("password"), None),
    "current has no host": Damage("AWSCURRENT", _without("host"), None),
    "current has a field too many": Damage("AWSCURRENT", _with(engine="postgres"), None),
    **{f"previous is {text or 'empty'}": Damage("AWSPREVIOUS", _document(text), None) for text in NOT_AN_OBJECT},
    **{
        f"pending is {text or 'empty'}": Damage("AWSPENDING", _document(text), Cause.PENDING_DISCARDED)
        for text in NOT_AN_OBJECT
    },
    **{
        f"pending has no {name}": Damage("AWSPENDING", _without(name), Cause.PENDING_DISCARDED)
        for name in ("username", "password", "host", "port", "dbname")
    },
    "pending has a field too many": Damage("AWSPENDING", _with(engine="postgres"), Cause.PENDING_DISCARDED),
    "pending has a port as text": Damage("AWSPENDING", _with(port="5432"), Cause.PENDING_DISCARDED),
    "pending names a stranger": Damage("AWSPENDING", _with(username="stranger"), Cause.PENDING_DISCARDED),
    "pending names another database": Damage("AWSPENDING", _with(dbname="other"), Cause.PENDING_DISCARDED),
    "pending has a NUL": Damage("AWSPENDING", _with(password="a\0b"), Cause.PENDING_DISCARDED),
    "pending has half a character": Damage("AWSPENDING", _with(password="a\ud800b"), Cause.PENDING_DISCARDED),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_nothing_is_harmed_and_mending_is_enough_when_a_value_is_damaged(rotations: Rotations, damage: Damage) -> None:
    rotations.rotate()
    good = rotations.rotate()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    version = rotations.store.labels[damage.label]
    document = rotations.store.values[version]
    rotations.store.values[version] = damage.change(json.loads(document or ""))

    caught = _try(rotations, token)

    assert caught is damage.cause
    rotations.login(good).close()
    if caught is not None:
        rotations.store.values[version] = document
        rotations.rotate()
    rotations.login(rotations.store.current()).close()


def _try(rotations: Rotations, token: str) -> Cause | None:
    try:
        rotations.steps(token)
    except RotationError as error:
        return error.cause
    return None


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"username": "x"}', '{"username": "x", "password": "a\\u0000b"}'])
def test_current_works_and_mending_is_enough_when_the_admin_secret_is_damaged(rotations: Rotations, wrong: str) -> None:
    good = rotations.rotate()
    admin = rotations.store.others[ADMIN_SECRET]
    rotations.store.others[ADMIN_SECRET] = wrong
    token = rotations.start()

    assert _try(rotations, token) is Cause.BAD_SECRET

    rotations.login(good).close()
    rotations.store.others[ADMIN_SECRET] = admin
    rotations.steps(token)
    rotations.login(rotations.store.current()).close()


@pytest.mark.parametrize("logins", [(0,), (1,), (0, 1)], ids=["current", "previous", "both"])
def test_the_rotation_completes_when_passwords_are_not_those_of_the_secret(
    rotations: Rotations, logins: tuple[int, ...]
) -> None:
    """A database restored to before the last rotations, or a password changed by hand."""
    rotations.rotate()
    rotations.rotate()
    with rotations.server.as_admin(rotations.settings.name) as connection:
        for number in logins:
            connection.execute(f"ALTER ROLE {rotations.settings.logins[number]} PASSWORD 'older'")

    rotations.login(rotations.rotate()).close()


def test_the_rotation_completes_when_the_restored_database_knows_neither_login(rotations: Rotations) -> None:
    fields = rotations.rotate()
    settings = rotations.settings
    with rotations.server.as_admin(settings.name) as connection:
        for role in (settings.logins[0], settings.owner):
            connection.execute(f"GRANT {role} TO CURRENT_USER")
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")

    after = rotations.rotate()

    assert after["username"] != fields["username"]
    rotations.login(after).close()


def test_the_retry_completes_when_the_new_password_is_changed_by_hand_before_the_test(rotations: Rotations) -> None:
    good = rotations.rotate()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.step(Step.SET, token)
    with rotations.server.as_admin(rotations.settings.name) as connection:
        connection.execute(f"ALTER ROLE {rotations.settings.logins[1]} PASSWORD 'by hand'")
    with pytest.raises(RotationError) as caught:
        rotations.step(Step.TEST, token)
    assert caught.value.cause is Cause.AUTHENTICATION
    rotations.login(good).close()

    rotations.steps(token)

    rotations.login(rotations.store.current()).close()


@pytest.mark.parametrize("done", range(4))
def test_it_stops_and_goes_on_when_rotation_is_switched_off_for_a_while(rotations: Rotations, done: int) -> None:
    good = rotations.rotate()
    token = rotations.start()
    for step in list(Step)[:done]:
        rotations.step(step, token)
    rotations.store.rotates = False

    assert _try(rotations, token) is Cause.ROTATION_OFF

    rotations.login(good).close()
    assert rotations.store.current() == good
    rotations.store.rotates = True
    rotations.steps(token)
    rotations.login(rotations.store.current()).close()


@pytest.mark.parametrize("step", Step)
def test_nothing_moves_when_the_token_is_unknown(rotations: Rotations, step: Step) -> None:
    good = rotations.rotate()

    with pytest.raises(OvertakenError):
        rotations.step(step, "a-token-that-nobody-started-0123456789")

    assert rotations.store.current() == good
    rotations.login(rotations.rotate()).close()


@pytest.mark.parametrize("password", PASSWORDS)
def test_the_rotation_completes_when_the_password_is_odd(rotations: Rotations, password: str) -> None:
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    fields = json.loads(rotations.store.values[token] or "")
    rotations.store.values[token] = json.dumps(fields | {"password": password})

    rotations.steps(token)

    rotations.login(rotations.store.current()).close()
    assert rotations.store.current()["password"] == password


@pytest.mark.parametrize("logins", [1, 2], ids=["single", "alternating"])
@pytest.mark.parametrize("name", NAMES)
def test_rotations_complete_when_names_of_roles_are_odd(rotations: Rotations, name: str, logins: int) -> None:
    unique = rotations.settings.owner[-8:]
    odd = [_fit(f"{name}{part}{unique}") for part in "oab"]
    rotations.settings = replace(rotations.settings, owner=odd[0], logins=tuple(odd[1 : 1 + logins]))

    for _ in range(3):
        rotations.login(rotations.rotate()).close()


def test_rotations_complete_when_names_have_63_bytes(rotations: Rotations) -> None:
    unique = rotations.settings.owner[-8:]
    owner, *logins = (unique + part + "\u00e9" * 27 for part in "oab")
    assert {len(name.encode()) for name in (owner, *logins)} == {63}
    rotations.settings = replace(rotations.settings, owner=owner, logins=tuple(logins))

    for _ in range(3):
        rotations.login(rotations.rotate()).close()


def _fit(name: str) -> str:
    assert len(name.encode()) <= 63
    return name


def test_the_pending_value_is_made_anew_when_the_login_it_names_left_the_settings(rotations: Rotations) -> None:
    rotations.rotate()
    token = rotations.start()
    rotations.step(Step.CREATE, token)
    rotations.settings = replace(rotations.settings, logins=(rotations.settings.logins[0],))

    with pytest.raises(UnusablePendingError, match="none of the configured logins"):
        rotations.step(Step.SET, token)

    rotations.login(rotations.rotate()).close()
