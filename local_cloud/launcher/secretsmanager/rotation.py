"""One rotation under way: the four steps in the background, their outcome, and what ends them early.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import uuid
from dataclasses import dataclass

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import STATE_LOCK
from local_cloud.launcher.secretsmanager.events import RotationEvent, send_rotation_event
from local_cloud.launcher.secretsmanager.invocation import invoke
from local_cloud.launcher.secretsmanager.labels import remove_label
from local_cloud.launcher.secretsmanager.store import CURRENT, PENDING, Secret, holder_of, save

_STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rotation:
    """One run of the rotation function for one version.

    Attributes:
        account: The secret's account.
        region: The secret's region.
        secret: The secret as stored.
        function_arn: The rotation function.
        token: Id of the version that is to become AWSCURRENT.
        test_only: Only testSecret runs, and the version is removed afterwards.
    """

    account: str
    region: str
    secret: Secret
    function_arn: str
    token: str
    test_only: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells this rotation from every other."""
        return self.secret["ARN"], self.token

    def run(self) -> None:
        """Invoke the steps in order and note the outcome. Takes as long as the function does."""
        steps = ("testSecret",) if self.test_only else _STEPS
        with emulated("core.responses", "request_scope")(self.account, self.region):
            try:
                succeeded = all(self._invoke(step) for step in steps)
                with STATE_LOCK:
                    if self._is_under_way():
                        conclude = _conclude_test if self.test_only else _conclude
                        conclude(self.secret, self.token, succeeded=succeeded)
            finally:
                with STATE_LOCK:
                    if _UNDER_WAY.get(self.key) is self:
                        del _UNDER_WAY[self.key]

    def _invoke(self, step: str) -> bool:
        event = {
            "Step": step,
            "SecretId": self.secret["ARN"],
            "ClientRequestToken": self.token,
            "RotationToken": str(uuid.uuid4()),
        }
        return self._is_under_way() and invoke(self.function_arn, event, keep_on=self._is_under_way)

    def _is_under_way(self) -> bool:
        """Tell whether nobody has cancelled or abandoned this rotation, or deleted its secret."""
        with STATE_LOCK:
            secrets = emulated("services.secretsmanager", "_secrets")
            stored = secrets.get_scoped(self.account, self.region, self.secret["Name"])
            return stored is self.secret and _UNDER_WAY.get(self.key) is self


_UNDER_WAY: dict[tuple[str, str], Rotation] = {}
"""Every rotation whose steps are being invoked. Guarded by STATE_LOCK."""


def start_rotation(rotation: Rotation) -> None:
    """Run the steps in the background, unless they already are. The caller holds STATE_LOCK."""
    if rotation.key in _UNDER_WAY:
        return
    _UNDER_WAY[rotation.key] = rotation
    if not rotation.test_only:
        send_rotation_event(rotation.secret, RotationEvent.STARTED)
    emulated("core.concurrency", "spawn_background")(rotation.run, thread_name="rotation")


def cancel_rotations(secret: Secret) -> None:
    """Invoke no further step for this secret. Labels stay where they are. The caller holds STATE_LOCK."""
    for key in [key for key in _UNDER_WAY if key[0] == secret["ARN"]]:
        del _UNDER_WAY[key]


def abandon_rotation(secret: Secret, *, in_favour_of: str) -> None:
    """Take AWSPENDING from a rotation's version, since another version was made AWSCURRENT by hand.

    The caller holds STATE_LOCK.
    """
    pending = holder_of(secret, PENDING)
    if pending is None or pending == in_favour_of:
        return
    cancel_rotations(secret)
    remove_label(secret, PENDING, pending)
    send_rotation_event(secret, RotationEvent.ABANDONED)


def _conclude(secret: Secret, token: str, *, succeeded: bool) -> None:
    """Note the outcome: a rotation succeeded when AWSCURRENT is on its version."""
    if not succeeded or holder_of(secret, CURRENT) != token:
        send_rotation_event(secret, RotationEvent.FAILED)
        return
    if holder_of(secret, PENDING) == token:
        remove_label(secret, PENDING, token)
    secret["LastRotatedDate"] = secret["_schedule_from"] = CLOCK.now()
    save(secret)
    send_rotation_event(secret, RotationEvent.SUCCEEDED)


def _conclude_test(secret: Secret, token: str, *, succeeded: bool) -> None:
    del secret["Versions"][token]
    save(secret)
    if not succeeded:
        send_rotation_event(secret, RotationEvent.TEST_FAILED)
