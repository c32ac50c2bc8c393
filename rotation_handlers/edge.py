"""Between Lambda and the engine: which step, the canary or which operation an event asks for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from rotation_handlers.by_hand import BY_HAND
from rotation_handlers.canary import is_service_event, rotated_secret, verify_rotation
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.metrics import embedded_metrics
from rotation_handlers.operations import Operation, Work, audit_line, find_operation, names_operation
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.rotation import Done, RotationRequest, run_step
from rotation_handlers.strategy import Strategy
from rotation_handlers.telling import tell
from rotation_handlers.versions import SecretVersions

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

StrategyMaker = Callable[[str, Deadline], Strategy]
"""Makes the strategy for the secret of that whole name: one function may rotate several secrets."""

_NONE: Mapping[str, Operation] = MappingProxyType({})


def handle(
    event: object,
    context: LambdaContext,
    client: "SecretsManagerClient",
    strategy_for: StrategyMaker,
    operations: Mapping[str, Operation] = _NONE,
) -> object:
    """Do the step, the canary or the operation that *event* asks for and log one line about it.

    Args:
        event: What Secrets Manager, EventBridge or the command line sent. Never logged.
        context: Lambda's context.
        client: boto3 client of Secrets Manager.
        strategy_for: Makes the strategy for the secret of a name, bounded by a deadline.
        operations: The kind's own operations by name, beside those of rotation_handlers.by_hand.

    Returns:
        What the operation answers; None after a step or the canary.

    Raises:
        RotationStepFailed: It was not done; see rotation_handlers.telling.
    """

    def work(line: dict[str, object]) -> object:
        if names_operation(event):
            return _operate(event, Deadline(context), client, strategy_for, line, {**BY_HAND, **operations})
        do = _canary if is_service_event(event) else _step
        done = do(event, Deadline(context), client, strategy_for, line)
        line |= {"outcome": done.outcome, **embedded_metrics(done.counts)}
        return None

    return tell(work)


def _operate(
    event: object,
    deadline: Deadline,
    client: "SecretsManagerClient",
    strategy_for: StrategyMaker,
    line: dict[str, object],
    operations: Mapping[str, Operation],
) -> dict[str, object]:
    """Do an operation; adds to *line* the record of it."""
    name, secret_id, request = find_operation(event, operations)
    line |= {**audit_line(request), "secret": _name(secret_id)}
    versions = HandledVersions(client, secret_id, deadline)
    strategy = strategy_for(_name(secret_id), deadline)
    answer = operations[name](Work(name, request, _name(secret_id), versions, strategy, deadline))
    line["outcome"] = answer.get("outcome", "done")
    if isinstance(answer.get("version"), str):
        line["version"] = str(answer["version"])[:8]
    if isinstance(counts := answer.get("counts"), Mapping):
        line |= counts
    return answer


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
    return secret_id.rpartition(":secret:")[2].rpartition("-")[0] if ":secret:" in secret_id else secret_id
