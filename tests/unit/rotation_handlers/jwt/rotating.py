"""A rotation of the JWT secret in one process, and tokens as an application makes them."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from alees_secrets.kinds import JwtAlgorithm
from rotation_handlers.canary import verify_rotation
from rotation_handlers.deadline import Deadline
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.jwt.settings import JwtSettings
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, Step, run_step
from rotation_handlers.versions import SecretVersions
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

PLACEHOLDER = {"alees_not_initialized": "true", "alees_placeholder": "x"}


def new_store() -> FakeSecretsManager:
    """Return a secret that was deployed and never rotated."""
    return FakeSecretsManager(values={"first": json.dumps(PLACEHOLDER)}, labels={"AWSCURRENT": "first"})


@dataclass
class JwtRotations:
    """One secret, and the steps that change it.

    Attributes:
        algorithm: What the function is configured for.
        store: The secret.
    """

    algorithm: JwtAlgorithm
    store: FakeSecretsManager = field(default_factory=new_store)

    def step(self, step: Step, token: str) -> Done:
        """Do one step as the function would, with everything made anew."""
        strategy = GeneratedKey(JwtSettings(algorithm=self.algorithm))
        return run_step(step, SecretVersions(cast("Any", self.store), ARN, token, Deadline(FakeContext())), strategy)

    def canary(self) -> Done:
        """Do what the function does after a rotation, without its pauses."""
        strategy = GeneratedKey(JwtSettings(algorithm=self.algorithm))
        versions = RotatedVersions(cast("Any", self.store), ARN, Deadline(FakeContext()))
        return verify_rotation(versions, strategy, lambda _: None)

    def start(self) -> str:
        """Do what RotateSecret does; return the token."""
        return self.store.start_new_rotation()

    def steps(self, token: str) -> None:
        """Do all four steps in order."""
        for step in Step:
            self.step(step, token)

    def rotate(self) -> dict[str, Any]:
        """Rotate and return the value that is AWSCURRENT then."""
        self.steps(self.start())
        return self.store.current()

    def current_works(self) -> bool:
        """Tell whether a token signed with AWSCURRENT verifies with it."""
        fields = self.store.current()
        return verifies(token_of(fields), fields)


def token_of(fields: dict[str, Any]) -> str:
    """Return a token signed with a secret's value, as the ERP does."""
    return jwt.encode({"sub": "local"}, fields["secret_key"], algorithm=fields["algorithm"])


def verifies(token: str, fields: dict[str, Any]) -> bool:
    """Tell whether a secret's value verifies *token*."""
    key = fields["secret_key"]
    if not fields["algorithm"].startswith("HS"):
        key = cast("Any", load_pem_private_key(key.encode(), password=None)).public_key()
    try:
        return bool(jwt.decode(token, key, algorithms=[fields["algorithm"]]) == {"sub": "local"})
    except jwt.InvalidTokenError:
        return False
