"""The strategy with one login, for applications that cannot take another user name.

Its password can only be replaced, so there is a moment at which AWSCURRENT is refused: from the change at the server
until the label has moved. AWS's own function opens it in setSecret and closes it in finishSecret, two invocations
later. Here both happen in finishSecret, the change just before the move; setSecret and testSecret prepare it and prove
that it can be done, with a change that is rolled back. Should the function die in between, every further try ends it:
the change is made by the admin, whatever the login's password is by then.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotation-strategy.html
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.database import comparison, roles
from rotation_handlers.database.connection import Connection
from rotation_handlers.database.logins import DatabaseLogins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.values import check_pending, new_value


class LockedLogin:
    """The login in an admin's session that holds the fence.

    Args:
        connection: The session.
        settings: Where the database is.
        open_another: Opens another session of the admin, which commits when it is closed.
    """

    def __init__(
        self,
        connection: Connection,
        settings: DatabaseSettings,
        open_another: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._open_another = open_another

    def apply(self, pending: SecretFields) -> Mapping[str, int]:
        """Create owner and login where they are missing; the login keeps its password."""
        login = str(pending["username"])
        sessions = roles.count_sessions(self._connection, login)
        roles.ensure(self._connection, self._settings, login)
        return {roles.SESSIONS: sessions}

    def switch(self, pending: SecretFields) -> None:
        """Replace the password, in another session: the commit of this one would give the lock away."""
        with self._open_another() as connection:
            roles.set_password(connection, str(pending["username"]), str(pending["password"]))

    def restore(self, current: SecretFields | None) -> None:
        """Give the login its password from AWSCURRENT again: finishSecret may have stopped right after switch."""
        if current is not None and current.get("username") in self._settings.logins:
            self.switch(current)


class SingleLogin(DatabaseLogins):
    """One login, whose password each rotation replaces; pools whose sessions were ended connect with the new one."""

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:  # noqa: ARG002 - the engine's
        """Return the login with a new password, and the endpoint as it is configured now."""
        (login,) = self._settings.logins
        return new_value(self._settings, login)

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:  # noqa: ARG002 - the engine passes it
        """Refuse a pending value that is malformed, out of date, or whose login is not ours."""
        check_pending(pending, self._settings)

    @contextmanager
    def open_target(self) -> Iterator[LockedLogin]:
        """Connect as the admin and take the lock; commits at the end."""
        with self._admin() as connection:
            roles.lock(connection, self._settings)
            yield LockedLogin(connection, self._settings, self._admin)

    def test(self, pending: SecretFields) -> None:
        """Change the password as finishSecret will, and roll that back; look at the login's rights."""
        with self._admin() as connection:
            comparison.require_alike(connection, self._settings)
            roles.set_password(connection, str(pending["username"]), str(pending["password"]))
            connection.rollback()

    def hold(self, value: SecretFields) -> AbstractContextManager[LockedLogin]:  # noqa: ARG002 - the engine passes it
        """Connect as the admin and take the lock: *value* does not log in yet."""
        return self.open_target()

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Do nothing: the login has its password from AWSCURRENT, since restore."""
