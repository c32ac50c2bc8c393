"""What the strategies with one login and with two have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alees_secrets.values import SecretFields
from rotation_handlers.database.connection import Connection, connect
from rotation_handlers.database.revocation import revoke_logins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.verification import verify_login
from rotation_handlers.deadline import Deadline
from rotation_handlers.strategy import Revocation, Revoked, Strategy


class DatabaseLogins(Strategy):
    """Logins of one owner at one database.

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

    def verify(self, value: SecretFields) -> None:
        """Log in with *value* and work as the owner."""
        verify_login(value, self._settings, self._deadline)

    def revoke(self, revocation: Revocation) -> Revoked:
        """End logins, in another session than the fence's, which must not commit yet."""
        return revoke_logins(self._admin, self._settings, revocation)

    @contextmanager
    def _admin(self) -> Iterator[Connection]:
        user, password = self._read_admin()
        with connect(self._settings, self._deadline, user=user, password=password) as connection:
            yield connection
