"""The strategy for credentials that somebody else issues, two of which may be live at a time.

A rotation ends what is older than AWSCURRENT, makes a new credential and stores it. What a function made and did not
store, because it died or lost the reply, is found by the issuer's list and ended by the next try, so that no credential
lives on that nobody knows. AWSCURRENT's is never ended.

There is no target to change afterwards, and no fence at the issuer: see rotation_handlers.claim for what stands in for
it, and docs/adr/0011 for what it cannot do.
"""

import time
from collections.abc import Callable, Collection, Mapping

from alees_secrets.errors import InvalidSecretError
from alees_secrets.kinds import KINDS, KindName, check_fields
from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.issued.issuer import Issuer
from rotation_handlers.strategy import Revocation, Revoked
from rotation_handlers.versions import StoredVersion
from rotation_handlers.without_target import WithoutTarget

REFUSALS = 3
"""How often in a row the issuer must refuse a new credential: it may take some seconds until one works everywhere."""

PAUSE_SECONDS = 3.0
"""Between two attempts."""


class IssuedCredential(WithoutTarget):
    """A new credential from an issuer at each rotation; the one before works until the next one begins.

    Args:
        issuer: Makes and ends the secret's credentials.
        kind: Of the secret.
        sleep: Waits for that many seconds.
    """

    def __init__(self, issuer: Issuer, kind: KindName, sleep: Callable[[float], None] = time.sleep) -> None:
        self._issuer = issuer
        self._kind = KINDS[kind]
        self._sleep = sleep

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:
        """End every credential but AWSCURRENT's, then make one; return the one that was made and stored already.

        Raises:
            RotationError: It is not the rotation's turn any more, the issuer failed, or its list shows AWSCURRENT's
                credential under another id, so that it would be ended. One that a person set is in no list.
        """
        stored = claim.stored()
        if stored is not None:
            return stored
        kept, listed = self._live(StoredVersion(claim.current, current))  # before any look at the labels; see the claim
        claim.retire_previous()
        for credential in listed:
            if credential != kept:
                claim.require()
                self._issuer.revoke(credential)
        claim.require()
        return self._issuer.create(claim.token)

    def require_source(self, current: StoredVersion) -> None:
        """Find AWSCURRENT's credential in its value, and ask the issuer for the list, which generate begins with."""
        self._live(current)

    def _live(self, current: StoredVersion) -> tuple[str | None, Collection[str]]:
        """Return the id of AWSCURRENT's credential, and those that the issuer lists."""
        kept = None if current.fields is None else self._issuer.id_of(current.fields)
        listed = self._issuer.list_credentials()
        if kept not in listed and current.version_id in listed.values():
            raise RotationError(
                Cause.PROVIDER,
                "the list has a credential that is named for AWSCURRENT's version but is not AWSCURRENT's, so nothing "
                "was ended; see the paths of the list call: the id that it shows must be the one that the secret holds",
            )
        return kept, listed.keys()

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Refuse a pending value that is malformed, or whose credential is AWSCURRENT's."""
        try:
            check_fields(self._kind, pending)
        except InvalidSecretError as error:
            problem = f"is {error}"
        else:
            if current is None or self._issuer.id_of(pending) != self._issuer.id_of(current):
                return
            problem = "has the credential that AWSCURRENT uses"
        raise UnusablePendingError(f"the AWSPENDING value {problem}")

    def test(self, pending: SecretFields) -> None:
        """Use *pending* as an application would; one that the issuer refuses again and again is given up."""
        for attempt in range(REFUSALS):
            if attempt:
                self._sleep(PAUSE_SECONDS)
            if not self._is_refused(pending):
                return
        raise UnusablePendingError(f"the issuer refused the AWSPENDING value {REFUSALS} times")

    def _is_refused(self, value: SecretFields) -> bool:
        try:
            self._issuer.verify(value)
        except RotationError as error:
            if error.cause is not Cause.AUTHENTICATION:
                raise
            return True
        return False

    def verify(self, value: SecretFields) -> None:
        """Use *value* as an application would."""
        self._issuer.verify(value)

    def outlives(self, value: SecretFields, kept: Collection[SecretFields]) -> bool:
        """Tell whether none of *kept* has the credential of *value*; False if *value* has none."""
        found = self._id(value)
        return found is not None and found not in {self._id(each) for each in kept}

    def _id(self, value: SecretFields | None) -> str | None:
        """Return the id of the credential in *value*; None if it has none."""
        if value is None:
            return None
        try:
            return self._issuer.id_of(value)
        except RotationError as error:
            if error.cause is not Cause.BAD_SECRET:
                raise
        return None

    def revoke(self, revocation: Revocation) -> Revoked:
        """End the credential, unless it is in use.

        Raises:
            RotationError: The issuer goes on accepting it: no rotation made it.
        """
        value = revocation.value
        if value is None:
            return Revoked(in_use=False)
        revoked = self._issuer.id_of(value)
        if revoked in {self._id(revocation.current), self._id(revocation.previous)}:
            return Revoked(in_use=True)
        self._issuer.revoke(revoked)
        for attempt in range(REFUSALS):
            if attempt:
                self._sleep(PAUSE_SECONDS)
            if self._is_refused(value):
                return Revoked(in_use=False, counts={"revoked": 1})
        raise RotationError(
            Cause.PROVIDER,
            "the issuer still accepts the revoked credential; revoke again in a minute, and if it does so still, no "
            "rotation made it: end it there by hand",
        )

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """End the credential of a pending value that will never be used, unless it is AWSCURRENT's too, or has none."""
        try:
            check_fields(self._kind, pending)
        except InvalidSecretError:
            return  # what was made for it is found by the issuer's list in the next rotation
        discarded = self._issuer.id_of(pending)
        if current is None or discarded != self._issuer.id_of(current):
            self._issuer.revoke(discarded)
