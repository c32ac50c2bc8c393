"""Who may do what, as the matrix answers."""

from dataclasses import replace

import pytest

from config.access import (
    Action,
    Duty,
    api_domain,
    duties,
    honey_name,
    matches,
    may,
    readers,
    rules_of,
)
from config.access_keys import key_domains, key_users
from config.environments import dev, prod

DATABASE = "alees/prod/database/credentials"
PARTNERS = "alees/prod/api/partners/key"


@pytest.mark.parametrize(
    ("duty", "action", "name", "allowed"),
    [
        (Duty.APPLICATION, Action.READ_CURRENT, DATABASE, True),
        (Duty.APPLICATION, Action.READ_PENDING, DATABASE, False),
        (Duty.APPLICATION, Action.READ_CURRENT, PARTNERS, True),
        (Duty.APPLICATION, Action.READ_CURRENT, "alees/staging/database/credentials", False),
        (Duty.APPLICATION, Action.READ_CURRENT, "alees/prod/database/credentials-of-old", False),
        (Duty.DATABASE_ROTATION, Action.PUT, DATABASE, True),
        (Duty.DATABASE_ROTATION, Action.PUT, "alees/prod/jwt/credentials", False),
        (Duty.DATABASE_ROTATION, Action.READ_CURRENT, prod().database.admin_secret, True),
        (Duty.HEALTH, Action.DESCRIBE, DATABASE, True),
        (Duty.HEALTH, Action.READ_CURRENT, DATABASE, False),
        (Duty.OPERATOR, Action.ROTATE, DATABASE, True),
        (Duty.OPERATOR, Action.READ_CURRENT, DATABASE, False),
        (Duty.WRITER, Action.PUT, PARTNERS, True),
        (Duty.WRITER, Action.READ_CURRENT, PARTNERS, False),
        (Duty.AUDITOR, Action.DESCRIBE, "alees/prod/anything/else", True),
        (Duty.BREAK_GLASS, Action.READ_VERSION, DATABASE, True),
        (Duty.BREAK_GLASS, Action.READ_CURRENT, "alees/prod/admin/credentials", False),
        (Duty.DEVELOPER, Action.READ_CURRENT, DATABASE, False),
        ("somebody", Action.LIST, DATABASE, False),
    ],
)
def test_the_matrix_answers_when_it_is_asked(duty: str, action: Action, name: str, *, allowed: bool) -> None:
    assert may(prod(), duty, action, name) is allowed


def test_a_batch_is_allowed_when_each_of_its_secrets_is() -> None:
    assert may(prod(), Duty.BREAK_GLASS, Action.READ_BATCH, DATABASE)
    assert not may(prod(), Duty.BREAK_GLASS, Action.READ_BATCH, honey_name(prod()))


def test_nobody_reads_the_honey_secret_when_all_are_asked() -> None:
    assert readers(prod(), honey_name(prod())) == ()
    assert readers(dev(), honey_name(dev())) == ()


def test_those_who_read_or_write_need_the_key_and_no_other() -> None:
    assert readers(prod(), DATABASE) == ("application", "database-rotation", "break-glass")
    assert key_users(prod(), (DATABASE,)) == ("application", "database-rotation", "writer", "break-glass")


def test_there_are_no_people_when_none_are_declared() -> None:
    alone = replace(prod(), operators=(), writers=(), auditors=(), break_glass=())

    functions = ("database-rotation", "jwt-rotation", "email-rotation", "health", "api-rotation")
    assert duties(alone) == ("application", *functions)
    assert "developer" in duties(dev())


def test_keys_are_those_of_the_secrets_when_domains_are_asked() -> None:
    (application,) = rules_of(prod(), Duty.APPLICATION)
    _, admin = rules_of(prod(), Duty.DATABASE_ROTATION)
    (break_glass,) = rules_of(prod(), Duty.BREAK_GLASS)

    assert key_domains(prod(), application) == ("database", "jwt", "email", "api")
    assert key_domains(prod(), admin) == ()
    assert key_domains(prod(), break_glass) == ("*",)
    assert (api_domain(1), api_domain(12)) == ("api", "api-12")


@pytest.mark.parametrize(
    ("pattern", "name", "matched"),
    [("a/*", "a/b/c", True), ("a/?", "a/b", True), ("a/?", "a/bc", False), ("a.b", "axb", False), ("a", "a\n", False)],
)
def test_a_pattern_matches_as_in_iam(pattern: str, name: str, *, matched: bool) -> None:
    assert matches(pattern, name) is matched
