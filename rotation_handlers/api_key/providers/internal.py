"""Alees itself issues the key: both halves are random, and nothing outside the secret has to change.

The ERP reads the secret and asks ``SecretsManager.accepts_api_key``, so a key works as soon as it is AWSCURRENT. Before
that the ERP cannot know it: testSecret checks what Secrets Manager holds; the canary makes the declared verify call.
There is no fence, for the reason that rotation_handlers.jwt.generated_key gives.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from alees_secrets.kinds import KINDS, UNRESERVED, KindName
from alees_secrets.values import SecretFields
from rotation_handlers.api_key.https import Https
from rotation_handlers.api_key.service import Service
from rotation_handlers.api_key.verification import form_problem, verify_key
from rotation_handlers.claim import Claim
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.strategy import Revocation, Revoked
from rotation_handlers.without_target import WithoutTarget


class GeneratedPair(WithoutTarget):
    """A new random pair at each rotation; the one before works while it is AWSPREVIOUS.

    Args:
        characters: How many of UNRESERVED each field has.
        verify: The declared verify call; None if there is none.
        https: Sends it.
    """

    def __init__(self, characters: Mapping[str, int], verify: Mapping[str, Any] | None, https: Https) -> None:
        self._characters = characters
        self._verify = verify
        self._https = https

    def generate(self, current: SecretFields | None, claim: Claim) -> Mapping[str, str | int]:  # noqa: ARG002 - the engine's
        """Return a new pair; AWSCURRENT has no part in it."""
        return {
            name: "".join(secrets.choice(UNRESERVED) for _ in range(count)) for name, count in self._characters.items()
        }

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Refuse a pending value that is not as one was generated, or shares a half with AWSCURRENT's."""
        problem = _problem(pending)
        if problem is None and current is not None and any(pending[name] == current.get(name) for name in pending):
            problem = "shares a field with AWSCURRENT's"
        if problem is not None:
            raise UnusablePendingError(f"the AWSPENDING value {problem}")

    def test(self, pending: SecretFields) -> None:
        """Check what Secrets Manager holds of *pending*: the ERP could not know it yet."""
        self.check(pending, None)

    def verify(self, value: SecretFields) -> None:
        """Make the verify call with *value*; where none is declared, what is malformed counts as refused."""
        if self._verify is not None:
            verify_key(value, self._verify, self._https)
        elif form_problem(value) is not None:
            raise RotationError(Cause.AUTHENTICATION, "the value is no pair of keys, so the ERP accepts nothing by it")

    def try_out(self, value: SecretFields) -> bool:
        """Check the form of *value*: the ERP cannot know it before it is AWSCURRENT."""
        problem = form_problem(value)
        if problem is not None:
            raise RotationError(Cause.BAD_SECRET, f"the value {problem}")
        return False

    def revoke(self, revocation: Revocation) -> Revoked:
        """Change nothing: the ERP accepts what a label leads to, and the labels have moved."""
        return Revoked(revocation.is_in_use("api_key", "api_secret"))

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:
        """Do nothing: the ERP never accepted it."""


def strategy(service: Service) -> GeneratedPair:
    """Return the strategy for *service*."""
    settings = service.settings
    return GeneratedPair(
        {"api_key": settings["key_characters"], "api_secret": settings["secret_characters"]},
        settings["verify"],
        Https(service.deadline, service.certificates),
    )


def _problem(pending: SecretFields) -> str | None:
    problem = form_problem(pending)
    if problem is not None:
        return problem
    for name, (least, most) in KINDS[KindName.API_KEY].generated.items():
        text = str(pending[name])
        if not least <= len(text) <= most or not set(text) <= set(UNRESERVED):
            return f"has a {name} that is not {least} to {most} letters, digits and -._~"
    return None
