"""Ids are stable and readable, and hold no values."""

import pytest
from psycopg import sql

from rotation_handlers.rotation import Step
from tests.rehearsal.points import Happening, Moment, Place, Point, Scenario, points_of
from tests.rehearsal.postgres_calls import statement_name

PLACE = Place(step=Step.SET, call="ALTER-ROLE#2", moment=Moment.AFTER)


def test_the_id_says_where_and_what_when_a_function_dies() -> None:
    point = Point(kind="database", scenario=Scenario.STEADY, where=PLACE, happening=Happening.DIED_RETRIED)

    assert str(point) == "database/steady/setSecret/ALTER-ROLE#2/after/died/retried"


def test_every_point_is_found_again_when_its_id_is_parsed() -> None:
    points = points_of("database", Scenario.FIRST, [PLACE])

    assert [Point.parse(str(point)) for point in points] == points
    assert len(set(map(str, points))) == len(points) == 5 + len(Step)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "database/steady",
        "database/steady/setSecret",
        "database/steady/setSecret/interleaved",
        "database/steady/setSecret/ALTER-ROLE#2/after/twice",
        "database/steady/setSecret/ALTER-ROLE#2/after/died",
        "database/never/setSecret/twice",
    ],
)
def test_an_id_is_refused_when_it_is_no_points(text: str) -> None:
    with pytest.raises(ValueError, match="allowed are ids as"):
        Point.parse(text)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("SET LOCAL statement_timeout = 1", "SET-LOCAL"),
        ("SELECT count(*) FROM t", "SELECT"),
        (sql.SQL("GRANT {} TO x").format(sql.Identifier("PRIVATE")), "GRANT"),
        (sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier("a"), sql.Literal("PRIVATE")), "ALTER-ROLE"),
        (sql.Literal("PRIVATE"), "statement"),
    ],
)
def test_a_statement_is_named_by_its_key_words_when_it_has_values(statement: object, name: str) -> None:
    assert statement_name(statement) == name
