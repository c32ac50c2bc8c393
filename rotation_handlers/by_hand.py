"""The operations that every kind has: what a person may do to a secret, inside its rotation function.

Each checks first, records itself, and then changes; what a crash leaves half done, the same request again ends. Only
what a discarded value has left at its issuer is the next rotation's to end: no label leads to it any more.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from alees_secrets.errors import InvalidNameError, InvalidSecretError
from alees_secrets.kinds import check_fields, kind_of
from alees_secrets.values import SecretFields
from rotation_handlers.canary import REFUSALS, is_refused
from rotation_handlers.diagnosis import diagnose
from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.labels import Labels
from rotation_handlers.operations import Operation, Work
from rotation_handlers.rolling_back import SupersededError, fields_of, roll_back
from rotation_handlers.strategy import Revocation
from rotation_handlers.versions import StoredVersion


def record(work: Work) -> dict[str, object]:
    """Record ``What`` the caller is about to start elsewhere: a rotation."""
    work.record(work.text("What"))
    return {"outcome": "recorded"}


def verify(work: Work) -> dict[str, object]:
    """Use AWSCURRENT as an application does; moves nothing."""
    current = work.versions.current()
    refused = is_refused(fields_of(current), work.strategy, work.sleep)
    return {"version": current.version_id, "outcome": "refused" if refused else "accepted"}


def revoke(work: Work) -> dict[str, object]:
    """End the version before: first its labels, so that nobody goes back to it, then its credential at the target.

    ``VersionId`` is the version that the caller saw: AWSPREVIOUS, or the one that was retired and perhaps not ended.
    With ``Others`` what else works beside AWSCURRENT ends too, as an emergency wants that is about to rotate.

    The outcome is ``in-use`` if AWSCURRENT, or another AWSPREVIOUS, has the same credential, which works on then.
    """
    versions, version = work.versions, work.text("VersionId")
    labels = versions.labels()
    _require_quiet(labels)
    if version == labels.current or version not in {labels.previous, labels.revoked}:
        raise RotationError(
            Cause.OVERTAKEN, f"version {version[:8]} is not the one before AWSCURRENT any more; nothing was revoked"
        )
    current = versions.current()
    before = versions.previous() if version == labels.previous else versions.revoked()
    if before.version_id != version:
        raise RotationError(Cause.OVERTAKEN, "the labels moved meanwhile; nothing was revoked")
    if is_refused(fields_of(current), work.strategy, work.sleep):
        raise RotationError(
            Cause.AUTHENTICATION,
            f"AWSCURRENT itself was refused {REFUSALS} times, so the version before was left as it is; rotate first",
        )
    previous = _unless_unusable(work) if labels.previous not in {None, version} else None
    others = work.request.get("Others") is True
    work.record()
    versions.retire(version)
    with work.strategy.open_target():
        labels = versions.require_retired(version)
        _require_quiet(labels)
        _require_unchanged(labels, current.version_id)
        revoked = work.strategy.revoke(Revocation(before.fields, fields_of(current), previous, others))
    outcome = "in-use" if revoked.in_use else "revoked"
    return {"version": version, "outcome": outcome, "counts": dict(revoked.counts)}


def _unless_unusable(work: Work) -> SecretFields | None:
    """Return the AWSPREVIOUS value; None if its target refuses it, or it is none that anybody could go back to."""
    value = _readable(work.versions.previous)
    try:
        return None if value is None or is_refused(value, work.strategy, work.sleep) else value
    except RotationError as error:
        if error.cause is not Cause.BAD_SECRET:
            raise
    return None


def rollback(work: Work) -> dict[str, object]:
    """Give AWSCURRENT back to the version before, ``VersionId``, which the target accepts."""
    version = work.text("VersionId")
    labels = work.versions.labels()
    _require_quiet(labels)
    if labels.current is None or version != labels.previous:
        raise RotationError(Cause.OVERTAKEN, f"version {version[:8]} does not hold AWSPREVIOUS; no label was moved")
    try:
        moved_to = roll_back(work.versions, work.strategy, replaced=labels.current, announce=work.record)
    except SupersededError:
        pass
    else:
        return {"version": moved_to, "outcome": "rolled-back"}
    raise RotationError(Cause.OVERTAKEN, "AWSCURRENT moved meanwhile; no label was moved")


def discard(work: Work) -> dict[str, object]:
    """Give up the pending version ``VersionId``: the next rotation makes another."""
    versions, version = work.versions, work.text("VersionId")
    _require_pending(versions.labels(), version)
    with work.strategy.open_target() as target:
        _require_pending(versions.labels(), version)
        work.record()
        try:
            pending = versions.pending()
        except UnusablePendingError:
            pending = None
        target.restore(_readable(versions.current))
        versions.drop_pending(version)
    if versions.labels().current == version:
        raise RotationError(Cause.OVERTAKEN, f"version {version[:8]} became AWSCURRENT meanwhile; it is in use")
    try:
        if pending is not None:
            work.strategy.discard(pending, versions.current().fields)
    except RotationError as error:
        cause, problem = error.cause, str(error)
    else:
        return {"version": version, "outcome": "discarded"}
    raise RotationError(
        cause, f"the value was given up, but what it opens may work until the next rotation: rotate now ({problem})"
    )


def set_value(work: Work) -> dict[str, object]:
    """Make ``Value`` AWSCURRENT, in place of the version ``VersionId``; ``Token`` becomes its id.

    The target must accept it, and a credential that would lose its last label and work on is ended, unless the request
    says ``Untested``: then nobody but Secrets Manager is asked.
    """
    versions, seen, token = work.versions, work.text("VersionId"), work.text("Token")
    fields = _checked(work)
    labels = versions.labels()
    _require_quiet(labels)
    _require_unchanged(labels, seen)
    untested = work.request.get("Untested") is True
    outcome = "set" if untested or work.strategy.try_out(fields) else "set-by-form"
    if _readable(versions.current) == fields:
        work.record()
        return {"version": seen, "outcome": outcome}  # one more version would push out the one before
    with work.strategy.open_target():
        work.record()
        labels = versions.labels()
        _require_quiet(labels)
        _require_unchanged(labels, seen)
        counts = {} if untested else _make_room(work, labels, fields)
        versions.settle(labels)
        versions.put_current(token, fields)
    return {"version": token, "outcome": outcome, "counts": counts}


def _make_room(work: Work, labels: Labels, fields: SecretFields) -> Mapping[str, int]:
    """End the credential before AWSCURRENT's, should it work on without a label, or what an earlier try left of it."""
    versions, version = work.versions, labels.previous or labels.revoked
    if version is None:
        return {}
    value = _readable(versions.previous if labels.previous else versions.revoked)
    current = _readable(versions.current)
    if value is None or not work.strategy.outlives(value, [fields, *([current] if current else [])]):
        return {}
    versions.retire(version)
    counts = work.strategy.revoke(Revocation(value, fields, current)).counts
    after = versions.labels()
    _require_quiet(after)
    _require_unchanged(after, str(labels.current))
    return counts


BY_HAND: Mapping[str, Operation] = MappingProxyType(
    {
        "record": record,
        "verify": verify,
        "revoke": revoke,
        "rollback": rollback,
        "diagnose": diagnose,
        "discard": discard,
        "set": set_value,
    }
)


def _readable(read: Callable[[], StoredVersion]) -> SecretFields | None:
    """Return the value that *read* finds; None for the placeholder, and for one that is damaged."""
    try:
        return read().fields
    except RotationError as error:
        if error.cause is not Cause.BAD_SECRET:
            raise
    return None


def _require_quiet(labels: Labels) -> None:
    if labels.pending not in {None, labels.current}:
        raise RotationError(
            Cause.ROTATION_PENDING, "a rotation is not over; wait for its end, or see: ./alees-secrets recover"
        )


def _require_unchanged(labels: Labels, current: str) -> None:
    if labels.current != current:
        raise RotationError(Cause.OVERTAKEN, "AWSCURRENT moved meanwhile; look at the secret again")


def _require_pending(labels: Labels, version: str) -> None:
    if labels.pending != version or labels.current == version:
        raise RotationError(Cause.OVERTAKEN, f"version {version[:8]} is not pending any more; nothing was discarded")


def _checked(work: Work) -> SecretFields:
    value = work.request.get("Value")
    if not isinstance(value, Mapping):
        raise RotationError(Cause.BAD_EVENT, "the request for set lacks Value, the fields of the secret")
    try:
        check_fields(kind_of(work.secret.split("/", 2)[-1]), value)
    except (InvalidNameError, InvalidSecretError) as error:
        problem = str(error)
    else:
        return SecretFields(value)
    raise RotationError(Cause.BAD_EVENT, f"the value is {problem}")
