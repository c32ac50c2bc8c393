"""Rotations of a secret whose credentials somebody issues, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from alees_secrets.kinds import KindName
from rotation_handlers.canary import verify_rotation
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.issued.credential import IssuedCredential
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, Step, run_step
from rotation_handlers.versions import SecretVersions
from tests.fakes.issuer import FakeIssuer
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager
from tests.unit.rotation_handlers.jwt.rotating import new_store


@dataclass
class Issued:
    """One secret and who issues its credentials."""

    store: FakeSecretsManager = field(default_factory=new_store)
    issuer: FakeIssuer = field(default_factory=FakeIssuer)
    slept: list[float] = field(default_factory=list)

    def strategy(self) -> IssuedCredential:
        return IssuedCredential(self.issuer, KindName.API_KEY, self.slept.append)

    def step(self, step: Step, token: str) -> Done:
        versions = SecretVersions(cast("Any", self.store), ARN, token, Deadline(FakeContext()))
        return run_step(step, versions, self.strategy())

    def canary(self) -> Done:
        versions = RotatedVersions(cast("Any", self.store), ARN, Deadline(FakeContext()))
        return verify_rotation(versions, self.strategy(), lambda _: None)

    def start(self) -> str:
        return self.store.start_new_rotation()

    def rotate(self) -> str:
        token = self.start()
        for step in Step:
            self.step(step, token)
        return token

    def works(self, label: str = "AWSCURRENT") -> bool:
        value = self.store.fields(self.store.labels[label])
        return bool(self.issuer.live.get(value["api_key"]) == value["api_secret"])


def once(name: str, act: Callable[[], object]) -> Callable[[str], None]:
    """Return what does *act* at the first call *name*."""
    waiting = [act]

    def called(call: str) -> None:
        if call == name and waiting:
            waiting.pop()()

    return called


def lose() -> None:
    """Let an answer get lost."""
    raise RotationError(Cause.NETWORK, "the reply was lost")
