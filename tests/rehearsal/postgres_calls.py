"""The function's connections to PostgreSQL: each connect, statement, commit and rollback is a place."""

import re
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql

from tests.rehearsal.points import Moment
from tests.rehearsal.seam import Seam

_FIRST_WORDS = re.compile(r"\s*([A-Z]+)(?:\s+([A-Z]+)\b)?")


def watch_connections(seam: Seam) -> None:
    """Lead every connection that this process opens from now on through *seam*."""
    connect, execute = psycopg.Connection.connect.__func__, psycopg.Cursor.execute  # type: ignore[attr-defined]
    commit, rollback = psycopg.Connection.commit, psycopg.Connection.rollback

    def connect_here(cls: type[Any], *arguments: Any, **options: Any) -> Any:
        return seam.passes("connect", lambda: connect(cls, *arguments, **options), _lost_connect)

    def execute_here(cursor: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        effect = lambda: execute(cursor, query, *arguments, **options)  # noqa: E731 - one of three alike
        return seam.passes(statement_name(query, cursor.connection), effect, _break(cursor.connection))

    def commit_here(connection: Any) -> None:
        seam.passes("COMMIT", lambda: commit(connection), _break(connection))

    def rollback_here(connection: Any) -> None:
        seam.passes("ROLLBACK", lambda: rollback(connection), _break(connection))

    for owner, name, replacement in (
        (psycopg.Connection, "connect", classmethod(connect_here)),
        (psycopg.Cursor, "execute", execute_here),
        (psycopg.Connection, "commit", commit_here),
        (psycopg.Connection, "rollback", rollback_here),
    ):
        patch.object(owner, name, replacement).start()  # for good: the process ends with the function


def statement_name(query: Any, connection: psycopg.Connection[Any] | None = None) -> str:
    """Return the first words of a statement, at most two and only key words: never a name or a value."""
    text = query.as_string(connection) if isinstance(query, sql.Composable) else str(query)
    words = _FIRST_WORDS.match(text)
    return "-".join(filter(None, words.groups())) if words else "statement"


def _break(connection: Any) -> Callable[[Moment, object], Exception]:
    def lost(_moment: Moment, _answer: object) -> Exception:
        connection.pgconn.finish()
        return psycopg.OperationalError("the rehearsal broke the connection")

    return lost


def _lost_connect(_moment: Moment, connection: Any) -> Exception:
    if connection is not None:
        connection.close()
    return psycopg.OperationalError("the rehearsal broke the connection")
