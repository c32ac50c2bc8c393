"""The strategy where somebody else's mail server issues the credentials: people set them, nothing rotates."""

from collections.abc import Mapping

from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.deadline import Deadline
from rotation_handlers.email.settings import EmailSettings
from rotation_handlers.email.smtp import log_in
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.strategy import Revocation, Revoked
from rotation_handlers.versions import StoredVersion
from rotation_handlers.without_target import WithoutTarget


class ManualEmail(WithoutTarget):
    """Verifies what people set; makes nothing.

    Args:
        settings: What mail servers are verified with.
        deadline: When waiting must end.
    """

    def __init__(self, settings: EmailSettings, deadline: Deadline) -> None:
        self._settings = settings
        self._deadline = deadline

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:  # noqa: ARG002 - the engine passes them
        """Refuse: only the mail server's operator can issue credentials.

        Raises:
            RotationError: Always.
        """
        raise _by_hand()

    def require_source(self, current: StoredVersion) -> None:  # noqa: ARG002 - the function passes it
        """Refuse, as generate does."""
        raise _by_hand()

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Accept anything: a rotation never comes so far."""

    def test(self, pending: SecretFields) -> None:
        """Log in."""
        self.verify(pending)

    def verify(self, value: SecretFields) -> None:
        """Log in with *value*."""
        log_in(value, self._settings.certificate_authority, self._deadline)

    def revoke(self, revocation: Revocation) -> Revoked:
        """Change nothing: the mail server's operator must end the old credentials."""
        return Revoked(revocation.is_in_use("host", "username", "password"))

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Change nothing, for the same reason."""


def _by_hand() -> RotationError:
    return RotationError(
        Cause.BAD_SETTINGS,
        "the environment sets its mail credentials by hand; ask the mail server's operator for new ones and give them "
        "to: ./alees-secrets set email/credentials",
    )
