"""Engines with something taken out: what the rehearsal must notice."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from alees_secrets.values import SecretFields
from rotation_handlers import edge
from rotation_handlers.claim import Claim
from rotation_handlers.database.alternating import AlternatingLogins, LockedDatabase
from rotation_handlers.database.connection import connect
from rotation_handlers.database.values import check_pending
from rotation_handlers.deadline import LambdaContext
from rotation_handlers.errors import Cause, OvertakenError, RotationError
from rotation_handlers.issued.credential import IssuedCredential
from rotation_handlers.labels import Labels
from rotation_handlers.versions import SecretVersions
from tests.rehearsal.function import Function
from tests.rehearsal.seam import Seam


@dataclass(frozen=True, slots=True)
class WithVersions:
    """A function whose engine sees the secret's versions in a weaker way.

    Attributes:
        function: The function as it is.
        versions: What its engine uses instead of SecretVersions.
    """

    function: Function
    versions: type[SecretVersions]

    def entry_point(self, seam: Seam) -> Callable[[object, LambdaContext], object]:
        # In the function's own process, which ends with it: nothing else is changed.
        patch.object(edge, "SecretVersions", self.versions).start()
        return self.function.entry_point(seam)


class Unfenced(AlternatingLogins):
    """Takes no lock: what it read may have changed by the time it acts."""

    @contextmanager
    def open_target(self) -> Iterator[LockedDatabase]:
        user, password = self._read_admin()
        with connect(self._settings, self._deadline, user=user, password=password) as connection:
            yield LockedDatabase(connection, self._settings)

    @contextmanager
    def hold(self, pending: SecretFields) -> Iterator[LockedDatabase]:
        with self._login(pending) as connection:
            yield LockedDatabase(connection, self._settings)


class UnguardedLogins(AlternatingLogins):
    """Does not look whether the login that it changes is AWSCURRENT's."""

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:  # noqa: ARG002 - the guard is out
        check_pending(pending, self._settings)


class UnguardedVersions(SecretVersions):
    """Does not look whether its version still holds AWSPENDING."""

    def require_pending(self, labels: Labels) -> None:
        """Let everything pass."""


class UndiscardingVersions(SecretVersions):
    """Leaves AWSPENDING on a value that can never work."""

    def discard_pending(self) -> None:
        """Leave it."""


class UnrepeatableVersions(SecretVersions):
    """Stores a version's value a single time."""

    def put_pending(self, fields: Mapping[str, str | int]) -> bool:
        if super().put_pending(fields):
            return True
        raise RotationError(Cause.UNEXPECTED, "the version has a value already")


class ForgetfulVersions(SecretVersions):
    """Does not see, while it makes a value, that its version has one already."""

    def pending_if_stored(self) -> SecretFields | None:
        return None

    def pending(self) -> SecretFields:
        fields = super().pending_if_stored()
        if fields is None:
            raise OvertakenError
        return fields


class Unswept(IssuedCredential):
    """Makes a credential and ends none."""

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:  # noqa: ARG002 - taken out
        return self._issuer.create(claim.token)


class SweptBySight(IssuedCredential):
    """Ends every credential but AWSCURRENT's as it read it, without another look at the labels."""

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:
        kept = None if current is None else self._issuer.id_of(current)
        for listed in self._issuer.list_credentials():
            if listed != kept:
                self._issuer.revoke(listed)
        return self._issuer.create(claim.token)
