"""Adoption: a database that the ERP uses already gets the layout of rotation, while the ERP goes on.

The objects of one role become the owner role's, and two logins that act for the owner are created. The former role
becomes a member of the owner, so its sessions keep every right on what was theirs. What it makes afterwards belongs to
it, with all rights for the owner, until adoption is run again.

Planning only reads. Applying is one transaction: all of it, or nothing.
"""

import time
from collections.abc import Callable, Iterator, Mapping

import psycopg
from psycopg import sql

from rotation_handlers.database import roles
from rotation_handlers.database.adoption_grants import plan_default_privileges, plan_grants, plan_policies
from rotation_handlers.database.adoption_ownership import plan_ownership
from rotation_handlers.database.adoption_rights import lend, require_possible
from rotation_handlers.database.adoption_roles import plan_attributes, plan_memberships, plan_roles
from rotation_handlers.database.adoption_settings import plan_settings
from rotation_handlers.database.adoption_situation import Situation, Statement, read_situation
from rotation_handlers.database.connection import Connection, connect
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError

WAIT_SECONDS = 0.8
"""From when on an object must be free at once, counted from the first statement.

Meanwhile the application's statements queue behind what is locked already. One that holds what adoption waits for looks
for a deadlock after deadlock_timeout (1 s by default) and is ended if it finds one; by then adoption waits no more.
https://www.postgresql.org/docs/current/runtime-config-locks.html
"""


class Adoption:
    """Moves what one role owns to the owner role, and prepares the logins.

    Args:
        settings: Where the database is, and the names of owner and logins.
        read_admin: Reads user name and password of the admin.
    """

    def __init__(self, settings: DatabaseSettings, read_admin: Callable[[], tuple[str, str]]) -> None:
        self._settings = settings
        self._read_admin = read_admin

    def run(self, event: Mapping[str, object], deadline: Deadline) -> dict[str, object]:
        """Return the statements that are needed, after they were run if *event* says so.

        Args:
            event: ``Role``, the role that is moved, and ``Apply``, whether to run the statements.
            deadline: When waiting must end.

        Returns:
            ``statements``, each with ``sql`` and ``why``, none when all is done; ``applied``, whether they were run.

        Raises:
            RotationError: The admin lacks a right, an object is busy, or the event is wrong. Nothing was changed.
        """
        former, apply = event.get("Role"), event.get("Apply")
        if not isinstance(former, str) or not isinstance(apply, bool) or set(event) != {"Operation", "Role", "Apply"}:
            raise RotationError(Cause.BAD_EVENT, "adopt takes Role, a role's name, and Apply, true or false")
        user, password = self._read_admin()
        with connect(self._settings, deadline, user=user, password=password) as connection:
            statements = self._adopt(connection, former) if apply else plan(connection, self._settings, former)
        told = [{"sql": statement.sql, "why": statement.why} for statement in statements]
        return {"statements": told, "applied": apply}

    def _adopt(self, connection: Connection, former: str) -> list[Statement]:
        roles.lock(connection, self._settings)
        statements = plan(connection, self._settings, former)
        end = time.monotonic() + WAIT_SECONDS
        for statement in statements:
            milliseconds = max(1, int((end - time.monotonic()) * 1000))  # 0 would wait for ever
            connection.run(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(milliseconds)))
            _run(connection, statement)
        return statements


def plan(connection: Connection, settings: DatabaseSettings, former: str) -> list[Statement]:
    """Return the statements that are still needed, in their order; none when *former* is adopted.

    Raises:
        RotationError: *former* is no role that can be adopted, or the admin lacks a right.
    """
    situation = read_situation(connection, settings, former)
    made = list(plan_roles(situation))
    changes = list(_changes(situation))
    require_possible(situation, [*made, *changes])
    first, last = lend(situation, changes)
    return [*made, *first, *changes, *last]


def _changes(situation: Situation) -> Iterator[Statement]:
    yield from plan_grants(situation)
    yield from plan_memberships(situation)
    yield from plan_ownership(situation)
    yield from plan_default_privileges(situation)
    yield from plan_policies(situation)
    yield from plan_attributes(situation)
    yield from plan_settings(situation)


def _run(connection: Connection, statement: Statement) -> None:
    try:
        connection.run(sql.SQL(statement.sql))
    except psycopg.errors.LockNotAvailable:
        failure = RotationError(
            Cause.LOCK, f"an object is busy, and nothing was changed; try again later (stopped at: {statement.sql})"
        )
    except psycopg.errors.InsufficientPrivilege:
        failure = RotationError(
            Cause.PRIVILEGE, f"the admin may not run this, and nothing was changed: {statement.sql}"
        )
    else:
        return
    raise failure
