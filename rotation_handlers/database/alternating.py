"""The strategy for PostgreSQL: each rotation gives the login that AWSCURRENT does not name a new password."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import KINDS, UNRESERVED, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.database import roles
from rotation_handlers.database.connection import Connection, connect
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import UnusablePendingError


class LockedDatabase:
    """The database in an admin's session that holds the fence."""

    def __init__(self, connection: Connection, settings: DatabaseSettings) -> None:
        self._connection = connection
        self._settings = settings

    def apply(self, pending: SecretFields) -> None:
        """Make the server accept *pending*; creates owner and login where they are missing."""
        roles.ensure(self._connection, self._settings, str(pending["username"]), str(pending["password"]))


class AlternatingLogins:
    """Two logins take turns; the one before keeps working until the next rotation.

    Args:
        settings: Where the database is.
        deadline: When waiting must end.
        read_admin: Reads user name and password of the admin; called only when the database is to be changed.
    """

    def __init__(
        self, settings: DatabaseSettings, deadline: Deadline, read_admin: Callable[[], tuple[str, str]]
    ) -> None:
        self._settings = settings
        self._deadline = deadline
        self._read_admin = read_admin

    def generate(self, current: SecretFields | None) -> Mapping[str, str | int]:
        """Return the other login with a new password, and the endpoint as it is configured now."""
        first, second = self._settings.logins
        password = "".join(secrets.choice(UNRESERVED) for _ in range(self._settings.password_length))
        return {
            "username": second if current is not None and current.get("username") == first else first,
            "password": password,
            "host": self._settings.host,
            "port": self._settings.port,
            "dbname": self._settings.name,
        }

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Refuse a pending value that is malformed, out of date, or whose login is not ours or is AWSCURRENT's."""
        try:
            check_fields(KINDS[KindName.DATABASE], pending)
        except InvalidSecretError as error:
            problem: str | None = f"the AWSPENDING value is {error}"
        else:
            problem = self._problem(pending, current)
        if problem is not None:
            raise UnusablePendingError(problem)

    def _problem(self, pending: SecretFields, current: SecretFields | None) -> str | None:
        if pending["username"] not in self._settings.logins:
            return "the AWSPENDING value names neither of the configured logins"
        endpoint = (self._settings.host, self._settings.port, self._settings.name)
        if (pending["host"], pending["port"], pending["dbname"]) != endpoint:
            return "the AWSPENDING value names another endpoint than the one configured now"
        if current is not None and pending["username"] == current.get("username"):
            return "the AWSPENDING value names the login that AWSCURRENT uses"
        return None

    @contextmanager
    def open_target(self) -> Iterator[LockedDatabase]:
        """Connect as the admin and take the lock; commits at the end."""
        user, password = self._read_admin()
        with connect(self._settings, self._deadline, user=user, password=password) as connection:
            roles.lock(connection, self._settings)
            yield LockedDatabase(connection, self._settings)

    def test(self, pending: SecretFields) -> None:
        """Log in with *pending*, and compare what both logins can do."""
        with self._login(pending) as connection:
            roles.compare(connection, self._settings, str(pending["username"]))

    @contextmanager
    def hold(self, pending: SecretFields) -> Iterator[None]:
        """Log in with *pending* and take the lock."""
        with self._login(pending) as connection:
            roles.lock(connection, self._settings)
            yield

    @contextmanager
    def _login(self, pending: SecretFields) -> Iterator[Connection]:
        user, password = str(pending["username"]), str(pending["password"])
        with connect(self._settings, self._deadline, user=user, password=password) as connection:
            yield connection
