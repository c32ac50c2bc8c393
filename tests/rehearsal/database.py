"""The database secret with two alternating logins, and with a single one."""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

import psycopg
from psycopg import sql

from rotation_handlers.database.admin import AdminSecret
from rotation_handlers.database.alternating import AlternatingLogins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.single import SingleLogin
from rotation_handlers.deadline import LambdaContext
from rotation_handlers.edge import handle
from tests.fakes.postgres import Connection, Server, login
from tests.fakes.rotations import new_rotations
from tests.fakes.secrets_manager import FakeSecretsManager
from tests.rehearsal.aws_calls import SeamClient
from tests.rehearsal.function import Function
from tests.rehearsal.postgres_calls import watch_connections
from tests.rehearsal.seam import Seam
from tests.rehearsal.world import Value, labelled

_PATIENCE_SECONDS = 30.0
_OTHER_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_LOGINS_OF_OWNER = (
    "SELECT count(DISTINCT m.member) FROM pg_auth_members m JOIN pg_roles o ON o.oid = m.roleid"
    " JOIN pg_roles r ON r.oid = m.member WHERE o.rolname = %s AND r.rolcanlogin AND r.rolname <> current_user"
)


@dataclass(frozen=True, slots=True)
class DatabaseFunction:
    """The function.

    Attributes:
        settings: What its environment holds.
        strategy: Which strategy it uses.
    """

    settings: DatabaseSettings
    strategy: type[AlternatingLogins | SingleLogin] = AlternatingLogins

    def entry_point(self, seam: Seam) -> Callable[[object, LambdaContext], object]:
        watch_connections(seam)
        client = cast("Any", SeamClient(seam))
        read_admin = AdminSecret(client, self.settings.admin_secret).read
        return lambda event, context: handle(
            event, context, client, lambda _, deadline: self.strategy(self.settings, deadline, read_admin)
        )


@dataclass
class DatabaseWorld:
    """A database of its own, and its logins."""

    store: FakeSecretsManager
    settings: DatabaseSettings
    function: Function
    admin: Connection
    gap: Collection[str] = ()
    verifiers: dict[str, str] = field(default_factory=dict)

    def remember(self, values: Sequence[Value]) -> None:
        """Keep what the server keeps of each password: it cannot be asked for it."""
        self.verifiers = {
            value["username"]: self.admin.pgconn.encrypt_password(
                value["password"].encode(), value["username"].encode(), b"scram-sha-256"
            ).decode()
            for value in values
        }

    def restore(self) -> None:
        self._await_end_of_sessions()
        if not self.verifiers:
            self._drop_roles()
        for role, verifier in self.verifiers.items():
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
            self.admin.execute(statement)

    def works(self, value: Value) -> bool:
        """Log in over verified TLS, and act as the owner."""
        settings = self.settings
        try:
            with login(value, settings.certificate_authority) as connection:
                row = connection.execute(
                    "SELECT current_user, has_schema_privilege(%s, 'CREATE')", (settings.schema,)
                ).fetchone()
        except psycopg.OperationalError:
            return False
        return row == (settings.owner, True)

    def live_credentials(self) -> int:
        """Count the logins that act as the owner; a login has one password."""
        return self._one_value(_LOGINS_OF_OWNER, self.settings.owner)

    def orphans(self) -> int:
        """Count the logins whose password no label leads to."""
        held = {value["username"] for value in labelled(self.store) if "username" in value and self.works(value)}
        return self.live_credentials() - len(held)

    def _await_end_of_sessions(self) -> None:
        """Wait until the server has noticed that functions died.

        Raises:
            TimeoutError: A session is left.
        """
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._one_value(_OTHER_SESSIONS) != 0:
            if time.monotonic() > end:
                raise TimeoutError("a session of a function that ended is left at the server")
            time.sleep(0.002)

    def _drop_roles(self) -> None:
        settings = self.settings
        roles = [settings.owner, *settings.logins]
        found = self.admin.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", (roles,)).fetchall()
        for (name,) in found:
            role = sql.Identifier(name)
            for what, thing in (("DATABASE", settings.name), ("SCHEMA", settings.schema)):
                self.admin.execute(
                    sql.SQL("REVOKE ALL ON {} {} FROM {}").format(sql.SQL(what), sql.Identifier(thing), role)
                )
            self.admin.execute(sql.SQL("DROP ROLE {}").format(role))

    def _one_value(self, query: str, *parameters: object) -> int:
        row = self.admin.execute(cast("Any", query), parameters).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def database_world(server: Server) -> Iterator[DatabaseWorld]:
    """Make an empty database and a secret that was never rotated; see tests.rehearsal.world."""
    with new_rotations(server) as rotations, _world(server, rotations.store, rotations.settings) as world:
        yield world


@contextmanager
def single_login_world(server: Server) -> Iterator[DatabaseWorld]:
    """Make the same with one login, which has a gap between the change at the server and the move of the label."""
    with new_rotations(server) as rotations:
        settings = replace(rotations.settings, logins=rotations.settings.logins[:1])
        with _world(server, rotations.store, settings) as world:
            world.function = DatabaseFunction(settings, SingleLogin)
            world.gap = ("finishSecret/COMMIT#1/after", "finishSecret/UpdateSecretVersionStage#1/before")
            yield world


@contextmanager
def _world(server: Server, store: FakeSecretsManager, settings: DatabaseSettings) -> Iterator[DatabaseWorld]:
    with server.as_admin(settings.name) as admin:
        world = DatabaseWorld(store, settings, DatabaseFunction(settings), admin)
        yield world
        world.remember([])
        world.restore()
