"""The strategy with two logins: each rotation gives the one that AWSCURRENT does not name a new password."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.database import comparison, roles
from rotation_handlers.database.connection import Connection, connect
from rotation_handlers.database.logins import DatabaseLogins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.values import check_pending, login_in_use, new_value
from rotation_handlers.errors import UnusablePendingError
from rotation_handlers.versions import StoredVersion


class LockedDatabase:
    """The database in a session that holds the fence."""

    def __init__(self, connection: Connection, settings: DatabaseSettings) -> None:
        self._connection = connection
        self._settings = settings

    def apply(self, pending: SecretFields) -> Mapping[str, int]:
        """Make the server accept *pending*; creates owner and login where they are missing."""
        login = str(pending["username"])
        sessions = roles.count_sessions(self._connection, login)
        roles.ensure(self._connection, self._settings, login)
        roles.set_password(self._connection, login, str(pending["password"]))
        return {roles.SESSIONS: sessions}

    def switch(self, pending: SecretFields) -> None:
        """Change nothing: AWSCURRENT's login goes on working."""

    def restore(self, current: SecretFields | None) -> None:
        """Change nothing: switch did not either."""


class AlternatingLogins(DatabaseLogins):
    """Two logins take turns; the one before keeps working until the next rotation."""

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:  # noqa: ARG002 - the engine's
        """Return the other login with a new password, and the endpoint as it is configured now."""
        first, second = self._settings.logins
        return new_value(self._settings, second if login_in_use(current) == first else first)

    def require_source(self, current: StoredVersion) -> None:
        """Find the login that AWSCURRENT uses, which tells whose turn it is."""
        login_in_use(current.fields)

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Refuse a pending value that is malformed, out of date, or whose login is not ours or is AWSCURRENT's."""
        check_pending(pending, self._settings)
        if pending["username"] == login_in_use(current):
            raise UnusablePendingError("the AWSPENDING value names the login that AWSCURRENT uses")

    @contextmanager
    def open_target(self) -> Iterator[LockedDatabase]:
        """Connect as the admin and take the lock; commits at the end."""
        with self._admin() as connection:
            roles.lock(connection, self._settings)
            yield LockedDatabase(connection, self._settings)

    def test(self, pending: SecretFields) -> None:
        """Log in with *pending*, work as the owner, and compare what both logins can do."""
        with self._login(pending) as connection:
            comparison.require_owner(connection, self._settings, str(pending["username"]))
            comparison.require_alike(connection, self._settings)

    @contextmanager
    def hold(self, value: SecretFields) -> Iterator[LockedDatabase]:
        """Log in with *value* and take the lock."""
        with self._login(value) as connection:
            roles.lock(connection, self._settings)
            yield LockedDatabase(connection, self._settings)

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Do nothing: the login that *pending* names gets another password in the next rotation."""

    @contextmanager
    def _login(self, value: SecretFields) -> Iterator[Connection]:
        user, password = str(value["username"]), str(value["password"])
        with connect(self._settings, self._deadline, user=user, password=password) as connection:
            yield connection
