"""All checks, in the order in which they are done: a later one counts on what an earlier one rotated."""

from tests.prove.checks import access, alerts, recovery, rotation, trail
from tests.prove.checks.check import Check

CHECKS = (
    Check("secrets-have-their-keys", "every secret under the key of its domain", access.secrets_have_their_keys),
    Check("first-rotations", "every secret with a schedule rotates by itself", rotation.first_rotations),
    Check("application-reads", "the application reads every secret", access.application_reads),
    Check("version-id-is-denied", "a read by version id is denied, twice", access.version_id_is_denied),
    Check(
        "administrator-is-denied",
        "an administrator reads no value",
        access.administrator_is_denied,
        shown_locally=False,
    ),
    Check(
        "key-is-refused-outside",
        "a key encrypts nothing outside Secrets Manager",
        access.key_is_refused_outside,
        shown_locally=False,
    ),
    Check("second-rotation", "the other login is current", rotation.second_rotation),
    Check("both-logins", "the current and the previous login work", rotation.both_logins),
    Check("replicas-in-sync", "every replica has the current version", recovery.replicas_in_sync),
    Check("backups-are-locked", "Object Lock, GOVERNANCE for 1 day", recovery.backups_are_locked),
    Check("failed-rotation", "3 tries, an alert; then the same version is taken up", alerts.failed_rotation),
    Check("trail-delivers", "the trail's log group has rotations; no error", trail.trail_delivers),
)
