"""Between Lambda and the engine: which step, or the canary, an event asks for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from rotation_handlers.canary import is_service_event, rotated_secret, verify_rotation
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.metrics import embedded_metrics
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, RotationRequest, Strategy, run_step
from rotation_handlers.telling import tell
from rotation_handlers.versions import SecretVersions

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

StrategyMaker = Callable[[str, Deadline], Strategy]
"""Makes the strategy for the secret of that whole name: one function may rotate several secrets."""


def handle(
    event: object,
    context: LambdaContext,
    client: "SecretsManagerClient",
    strategy_for: StrategyMaker,
) -> None:
    """Do the step, or the canary, that *event* asks for and log one line about it.

    Args:
        event: What Secrets Manager or EventBridge sent. Never logged.
        context: Lambda's context.
        client: boto3 client of Secrets Manager.
        strategy_for: Makes the strategy for the secret of a name, bounded by a deadline.

    Raises:
        RotationStepFailed: It was not done; see rotation_handlers.telling.
    """

    def work(line: dict[str, object]) -> None:
        do = _canary if is_service_event(event) else _step
        done = do(event, Deadline(context), client, strategy_for, line)
        line |= {"outcome": done.outcome, **embedded_metrics(done.counts)}

    tell(work)


def _step(
    event: object,
    deadline: Deadline,
    client: "SecretsManagerClient",
    strategy_for: StrategyMaker,
    line: dict[str, object],
) -> Done:
    """Do a step of a rotation; adds to *line* what it is about."""
    request = RotationRequest.parse(event)
    line |= {"secret": _name(request.secret_id), "version": request.token[:8], "step": request.step.value}
    versions = SecretVersions(client, request.secret_id, request.token, deadline)
    return run_step(request.step, versions, strategy_for(_name(request.secret_id), deadline))


def _canary(
    event: object,
    deadline: Deadline,
    client: "SecretsManagerClient",
    strategy_for: StrategyMaker,
    line: dict[str, object],
) -> Done:
    """Verify what a rotation made; adds to *line* what it is about."""
    secret_id = rotated_secret(event)
    line |= {"secret": _name(secret_id), "step": "canary"}
    return verify_rotation(RotatedVersions(client, secret_id, deadline), strategy_for(_name(secret_id), deadline))


def _name(secret_id: str) -> str:
    """Return the secret's name: its ARN without what precedes and without the random suffix."""
    return secret_id.rpartition(":secret:")[2].rpartition("-")[0] or secret_id
