"""Where a rotation that is not over stopped, and what stands in its way now. Changes nothing."""

from rotation_handlers.errors import Cause, RotationError, UnusablePendingError
from rotation_handlers.operations import Work
from rotation_handlers.rotation import Step


def diagnose(work: Work) -> dict[str, object]:
    """Return which step of the rotation of ``VersionId`` is to be done next, and why it cannot be, if so.

    The answer has ``step``; ``usable``, whether its value can ever work; and of what stands in the way ``cause`` and
    ``message``, None if nothing does.

    Raises:
        RotationError: The version does not hold AWSPENDING, so there is nothing to say.
    """
    version, labels = work.text("VersionId"), work.versions.labels()
    if labels.pending != version or labels.current == version:
        raise RotationError(Cause.OVERTAKEN, f"version {version[:8]} is not pending any more")
    step, problem = _where(work)
    usable = not isinstance(problem, UnusablePendingError)
    if problem is None and not labels.rotates:
        problem = RotationError(Cause.ROTATION_OFF, "rotation of the secret is switched off")
    return {
        "version": version,
        "outcome": "diagnosed",
        "step": step.value,
        "usable": usable,
        "cause": problem.cause.value if problem else None,
        "message": problem.reason if isinstance(problem, UnusablePendingError) else problem and str(problem),
    }


def _where(work: Work) -> tuple[Step, RotationError | None]:
    """Return the step, and what stands in its way. A value that the target accepts lacks only the last one.

    Where there is no value yet, whoever is to make one is asked. Where setSecret changes a target, a value that is not
    accepted tells that it was perhaps not done.
    """
    step = Step.CREATE
    try:
        current = work.versions.current()
        pending = work.versions.pending()
        if pending is None:
            work.strategy.require_source(current)
            return step, None
        step = Step.SET
        work.strategy.check(pending, current.fields)
        if not work.strategy.changes_target:
            step = Step.TEST
        try:
            work.strategy.test(pending)
        except RotationError as error:
            if step is Step.SET and error.cause is Cause.AUTHENTICATION:
                with work.strategy.open_target():
                    return step, None  # setSecret has not been done yet; its target can be opened
            return (Step.TEST if error.cause is Cause.PRIVILEGE else step), error
    except RotationError as error:
        return step, error
    return Step.FINISH, None
