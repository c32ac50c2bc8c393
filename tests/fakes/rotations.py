"""A rotation in one process: the fake Secrets Manager and the real PostgreSQL."""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from rotation_handlers.canary import verify_rotation
from rotation_handlers.database.admin import AdminSecret
from rotation_handlers.database.alternating import AlternatingLogins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.single import SingleLogin
from rotation_handlers.deadline import Deadline
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, Step, run_step
from rotation_handlers.strategy import Strategy
from rotation_handlers.versions import SecretVersions
from tests.fakes.lambda_context import FakeContext
from tests.fakes.postgres import Connection, Server, empty_database, login
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

ADMIN_SECRET = "admin"


@dataclass
class Rotations:
    """One secret, one database, and the steps between them."""

    store: FakeSecretsManager
    settings: DatabaseSettings
    server: Server
    seconds: float = 30.0

    def step(self, step: Step, token: str) -> Done:
        """Do one step as the function would, with everything made anew."""
        deadline = Deadline(FakeContext(self.seconds))
        return run_step(step, SecretVersions(cast("Any", self.store), ARN, token, deadline), self.strategy(deadline))

    def canary(self, sleep: Callable[[float], None] = lambda _: None) -> Done:
        """Do what the function does after a rotation, with *sleep* in place of its pauses."""
        deadline = Deadline(FakeContext(self.seconds))
        return verify_rotation(RotatedVersions(cast("Any", self.store), ARN, deadline), self.strategy(deadline), sleep)

    def strategy(self, deadline: Deadline) -> Strategy:
        """Return the strategy that the function would choose."""
        logins = AlternatingLogins if len(self.settings.logins) > 1 else SingleLogin
        return logins(self.settings, deadline, AdminSecret(cast("Any", self.store), ADMIN_SECRET).read)

    def start(self) -> str:
        """Do what RotateSecret does; return the token."""
        return self.store.start_new_rotation()

    def rotate(self) -> dict[str, Any]:
        """Rotate and return the value that is AWSCURRENT then."""
        self.steps(self.start())
        return self.store.current()

    def steps(self, token: str) -> None:
        """Do all four steps in order."""
        for step in Step:
            self.step(step, token)

    def login(self, fields: dict[str, Any]) -> Connection:
        """Log in with a secret's value, as the ERP does."""
        return login(fields, self.settings.certificate_authority)


@contextmanager
def new_rotations(server: Server) -> Iterator[Rotations]:
    """Make a secret with its placeholder, and an empty database with roles of its own."""
    with empty_database(server) as database:
        number = uuid.uuid4().hex[:8]
        settings = DatabaseSettings(
            host=server.host,
            port=server.running.port,
            name=database,
            schema="public",
            owner=f"owner_{number}",
            logins=(f"app_a_{number}", f"app_b_{number}"),
            admin_secret=ADMIN_SECRET,
            certificate_authority=server.running.certificate_authority,
            password_length=48,
        )
        store = FakeSecretsManager(
            values={"first": json.dumps({"alees_not_initialized": "true", "alees_placeholder": "x"})},
            labels={"AWSCURRENT": "first"},
            others={ADMIN_SECRET: json.dumps({"username": server.running.admin, "password": server.running.password})},
        )
        yield Rotations(store, settings, server)
