"""A secret in memory, a target that keeps account of what it accepts, and operations by hand on them."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

import pytest

from alees_secrets.values import SecretFields
from rotation_handlers.by_hand import BY_HAND
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.operations import Work
from rotation_handlers.strategy import Revocation, Revoked
from rotation_handlers.versions import StoredVersion
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager

WHO = {"Reason": "leaked", "Incident": "INC-7", "Caller": "arn:aws:sts::000000000000:assumed-role/op/jane"}
OLD, NEW, NEWER = "old-version", "new-version", "newer-version-of-32-characters-00"
TOKEN = "0123456789abcdef0123456789abcdef"


@dataclass
class FakeTarget:
    """A strategy whose target accepts some passwords.

    Attributes:
        changes_target: Whether setSecret changes it.
        accepted: What it accepts.
        in_fence: Called when the fence has been taken.
        failure: What using a value, opening the target or looking for a new value's source raises.
        dies: How often ending a value fails before it works.
        ended: Passwords that were ended by revoke or discard, in order.
        others_ended: How often what else works was ended too.
        restored: Password that was AWSCURRENT's when a rotation was given up.
        issued: Whether what it accepts works on without a label.
        knows_early: Whether it can know a value before that is AWSCURRENT.
    """

    changes_target: ClassVar[bool] = True
    accepted: set[str]
    in_fence: Callable[[], None] = lambda: None
    failure: RotationError | None = None
    dies: int = 0
    ended: list[str] = field(default_factory=list)
    others_ended: int = 0
    restored: str | None = None
    issued: bool = False
    knows_early: bool = True

    def require_source(self, current: StoredVersion) -> None:  # noqa: ARG002 - the protocol's name
        if self.failure is not None:
            raise self.failure

    def check(self, pending: SecretFields, current: SecretFields | None) -> None:  # noqa: ARG002 - the protocol's name
        if pending["password"] == "unusable":
            raise UnusablePendingError("the AWSPENDING value is odd")

    @contextmanager
    def open_target(self) -> Iterator["FakeTarget"]:
        if self.failure is not None:
            raise self.failure
        self.in_fence()
        yield self

    def restore(self, current: SecretFields | None) -> None:
        self.restored = None if current is None else current["password"]

    @contextmanager
    def hold(self, value: SecretFields) -> Iterator[None]:
        self.verify(value)
        self.in_fence()
        yield

    def test(self, pending: SecretFields) -> None:
        self.verify(pending)

    def verify(self, value: SecretFields) -> None:
        if self.failure is not None:
            raise self.failure
        if value["password"] not in self.accepted:
            raise RotationError(Cause.AUTHENTICATION, "refused")

    def try_out(self, value: SecretFields) -> bool:
        self.verify(value)
        return self.knows_early

    def outlives(self, value: SecretFields, kept: Collection[SecretFields]) -> bool:
        return self.issued and value["password"] not in {each["password"] for each in kept}

    def revoke(self, revocation: Revocation) -> Revoked:
        self.others_ended += revocation.others
        if revocation.value is None:
            return Revoked(in_use=False)
        if revocation.is_in_use("password"):
            return Revoked(in_use=True)
        self.discard(revocation.value, revocation.current)
        return Revoked(in_use=False, counts={"sessions_ended": 2})

    def discard(self, pending: SecretFields, current: SecretFields | None) -> None:  # noqa: ARG002 - the protocol's
        if self.dies:
            self.dies -= 1
            raise RotationError(Cause.NETWORK, "it is down")
        self.ended.append(pending["password"])
        self.accepted.discard(pending["password"])


def value(password: str) -> str:
    """Return a database secret's value, which the fake target knows by its password."""
    return json.dumps({"username": "erp", "password": password, "host": "db", "port": 5432, "dbname": "erp"})


def _store() -> FakeSecretsManager:
    return FakeSecretsManager(
        values={OLD: value("old"), NEW: value("new"), NEWER: value("newer")},
        labels={"AWSCURRENT": NEW, "AWSPREVIOUS": OLD},
    )


@dataclass
class Hand:
    """A secret after a rotation from OLD to NEW; both work at the target."""

    store: FakeSecretsManager = field(default_factory=_store)
    target: FakeTarget = field(default_factory=lambda: FakeTarget({"old", "new"}))

    def do(self, operation: str, version: str | None = None, **more: object) -> dict[str, object]:
        """Do an operation as the function would, without its pauses."""
        request = {**WHO, "VersionId": version, **more}
        deadline = Deadline(FakeContext())
        work = Work(
            operation=operation,
            request=request,
            secret="alees/local/database/credentials",
            versions=HandledVersions(cast("Any", self.store), ARN, deadline),
            strategy=cast("Any", self.target),
            deadline=deadline,
            sleep=lambda _: None,
        )
        return BY_HAND[operation](work)

    def start(self, pending: str | None = "newer") -> None:
        """Have a rotation to NEWER pending, with a value or without one."""
        self.store.values[NEWER] = None if pending is None else value(pending)
        self.store.labels["AWSPENDING"] = NEWER


SET: dict[str, Any] = {"Token": TOKEN, "Value": json.loads(value("set"))}
"""What a request to set a value has beside the rest."""


def refused(hand: Hand, cause: Cause, message: str, *arguments: str, **more: Any) -> None:
    """Check that an operation is refused and changed neither labels, values, target nor tags."""
    before = (dict(hand.store.labels), dict(hand.store.values))

    with pytest.raises(RotationError, match=message) as caught:
        hand.do(*arguments, **more)

    assert caught.value.cause is cause
    assert (hand.store.labels, hand.store.values) == before
    assert (hand.target.ended, hand.store.tags) == ([], {})
