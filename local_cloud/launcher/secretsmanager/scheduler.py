"""Starts rotations whose window has opened."""

import threading
import uuid

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import STATE_LOCK
from local_cloud.launcher.secretsmanager.rotate import begin_rotation
from local_cloud.launcher.secretsmanager.schedule import parse_rules
from local_cloud.launcher.secretsmanager.store import CURRENT, PENDING, Secret, holder_of

_TICK_SECONDS = 5.0


def start_scheduler() -> None:
    """Look for due secrets every few seconds, and whenever the clock is advanced, until the process ends."""
    threading.Thread(target=_run, name="rotation-scheduler", daemon=True).start()


def _run() -> None:
    while True:
        rotate_due_secrets()
        CLOCK.wait(_TICK_SECONDS)


def rotate_due_secrets() -> None:
    """Start the rotation of every secret whose window is open and has not been used."""
    stored = emulated("services.secretsmanager", "_secrets").all_items()
    for (account, region, _), secret in stored:
        with STATE_LOCK, emulated("core.responses", "request_scope")(account, region):
            if _is_due(secret):
                begin_rotation(secret, _next_token(secret))


def _is_due(secret: Secret) -> bool:
    """Tell whether to start now, and note that the window is used: it is tried once, a failure waits for the next."""
    rotates = secret.get("RotationEnabled") and not secret.get("DeletedDate") and not secret.get("_PrimarySecretArn")
    schedule = parse_rules(secret.get("RotationRules") or {}) if rotates else None
    if schedule is None:
        return False
    opens = schedule.next_window(max(secret["_schedule_from"], secret.get("_attempted", 0.0))).opens
    if opens > CLOCK.now():
        return False
    secret["_attempted"] = CLOCK.now()
    return True


def _next_token(secret: Secret) -> str:
    """Return the version to rotate to: that of a rotation which did not end, or a new one."""
    pending = holder_of(secret, PENDING)
    return str(uuid.uuid4()) if pending in {None, holder_of(secret, CURRENT)} else str(pending)
