"""The engine: the four steps that Secrets Manager asks a rotation function for.

Each step may be called twice, late, after a crash anywhere, or while another rotation is under way. From the end of the
first rotation on, AWSCURRENT works at every instant: a step changes only what AWSCURRENT does not use, and checks so
inside the strategy's fence, a lock at the target that is taken before the labels are read. Only createSecret is outside
it: it changes no target, but for kinds whose target makes the value, which keep to a claim. Should it store its value
just after a newer rotation began, it takes AWSPENDING back, and that newer one ends as overtaken.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from alees_secrets.values import SecretFields
from rotation_handlers.claim import Claim
from rotation_handlers.errors import Cause, OvertakenError, RotationError, UnusablePendingError
from rotation_handlers.strategy import Strategy
from rotation_handlers.versions import SecretVersions


class Step(StrEnum):
    """What Secrets Manager asks for, in its own words."""

    CREATE = "createSecret"
    SET = "setSecret"
    TEST = "testSecret"
    FINISH = "finishSecret"


class Outcome(StrEnum):
    """How a step, or the canary, ended well."""

    DONE = "done"
    ALREADY_DONE = "already-done"
    VERIFIED = "verified"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class RotationRequest:
    """What Secrets Manager sends a rotation function.

    Attributes:
        step: Which step to do.
        secret_id: ARN of the secret.
        token: Id of the version that the rotation makes.
    """

    step: Step
    secret_id: str
    token: str

    @classmethod
    def parse(cls, event: object) -> Self:
        """Return the request in *event*.

        Raises:
            RotationError: It is not one.
        """
        if isinstance(event, Mapping):
            step, secret_id, token = (event.get(key) for key in ("Step", "SecretId", "ClientRequestToken"))
            if step in set(Step) and isinstance(secret_id, str) and isinstance(token, str):
                return cls(Step(step), secret_id, token)
        raise RotationError(
            Cause.BAD_EVENT,
            "the event is no rotation request; allowed are Step (createSecret, setSecret, testSecret or finishSecret), "
            "SecretId and ClientRequestToken, as Secrets Manager sends them",
        )


@dataclass(frozen=True, slots=True)
class Done:
    """A step, or the canary, that ended well.

    Attributes:
        outcome: How.
        counts: What the strategy counted on the way, by name, for log and metrics.
    """

    outcome: Outcome
    counts: Mapping[str, int] = field(default_factory=dict)


_DONE = Done(Outcome.DONE)
_ALREADY_DONE = Done(Outcome.ALREADY_DONE)


def run_step(step: Step, versions: SecretVersions, strategy: Strategy) -> Done:
    """Do one step of a rotation.

    Raises:
        RotationError: It was not done; AWSCURRENT is as it was.
    """
    steps = {Step.CREATE: _create, Step.SET: _set, Step.TEST: _test, Step.FINISH: _finish}
    try:
        return steps[step](versions, strategy)
    except UnusablePendingError:
        versions.discard_pending()
        raise


def _create(versions: SecretVersions, strategy: Strategy) -> Done:
    labels = versions.labels()
    if labels.current == versions.token:
        return _ALREADY_DONE
    versions.require_pending(labels)
    current = versions.current()
    if versions.put_pending(strategy.generate(current.fields, Claim(versions, current.version_id))):
        return _DONE
    strategy.check(versions.pending(), current.fields)
    return _ALREADY_DONE


def _set(versions: SecretVersions, strategy: Strategy) -> Done:
    with strategy.open_target() as target:
        current = versions.current()
        if current.version_id == versions.token:
            return _ALREADY_DONE
        pending = versions.pending()
        strategy.check(pending, current.fields)
        counts = target.apply(pending)
    return Done(Outcome.DONE, counts)


def _test(versions: SecretVersions, strategy: Strategy) -> Done:
    pending = _pending_unless_current(versions)
    if pending is None:
        return _ALREADY_DONE
    strategy.test(pending)
    return _DONE


def _finish(versions: SecretVersions, strategy: Strategy) -> Done:
    pending = _pending_unless_current(versions)
    if pending is None:
        return _ALREADY_DONE
    with strategy.hold(pending) as target:
        labels = versions.labels()
        if labels.current == versions.token:
            return _ALREADY_DONE
        versions.require_pending(labels)
        target.switch(pending)
        versions.make_current(labels.current)
    return _DONE


def _pending_unless_current(versions: SecretVersions) -> SecretFields | None:
    """Return the pending value, or None if this rotation is over and its version is AWSCURRENT."""
    try:
        return versions.pending()
    except OvertakenError:
        if versions.labels().current != versions.token:
            raise
    return None
