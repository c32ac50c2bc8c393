"""What the command line sees of AWS: one secret, its function with the real operations, and who the caller is."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from config.environment import Environment
from config.environments import dev
from operations.commands import app
from operations.errors import OperationError
from operations.target import Target
from rotation_handlers.edge import handle
from rotation_handlers.telling import RotationStepFailed
from tests.fakes.hand import NEWER, Hand, value
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN

CALLER = "arn:aws:sts::000000000000:assumed-role/op/jane"
FUNCTION = "arn:aws:lambda:eu-central-1:000000000000:function:rotation"
NAME = "alees/dev/database/credentials"


class NotFoundError(Exception):
    """What boto3's client raises for a secret that is not there."""


class Exceptions:
    """boto3's client has its errors as attributes."""

    ResourceNotFoundException = NotFoundError


@dataclass
class OperatedSecret:
    """The clients of Secrets Manager, Lambda and STS in one, for the database secret of Dev.

    Attributes:
        hand: The secret and its target.
        environment: Where it is.
        before: Called with each call's name before it is carried out, to fail or to interleave.
        reply: What the function answers instead; None runs the real operations.
        new_works: Whether the target accepts what a rotation makes.
        age: Of the pending version.
        calls: Names of the calls, of operations in the function by their own names.
    """

    hand: Hand = field(default_factory=Hand)
    environment: Environment = field(default_factory=lambda: replace(dev(), api_services=()))
    before: Callable[[str], None] = lambda _: None
    reply: dict[str, Any] | None = None
    new_works: bool = True
    age: timedelta = timedelta(hours=1)
    calls: list[str] = field(default_factory=list)
    exceptions = Exceptions

    def keep_logins(self, number: int) -> None:
        """Have the database rotate so many logins."""
        database = self.environment.database
        self.environment = replace(self.environment, database=replace(database, logins=database.logins[:number]))

    def target(self) -> Target:
        """Return Dev behind these clients."""
        clients = cast("Any", self)
        return Target(self.environment, *[clients] * 6)

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.before("DescribeSecret")
        if SecretId != NAME:
            raise NotFoundError
        described = self.hand.store.describe_secret(SecretId=ARN)
        return {**described, "ARN": ARN, "RotationLambdaARN": FUNCTION}

    def list_secret_version_ids(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803
        assert SecretId == NAME
        return {"Versions": [{"VersionId": NEWER, "CreatedDate": datetime.now(UTC) - self.age}]}

    def rotate_secret(self, *, SecretId: str, ClientRequestToken: str) -> dict[str, Any]:  # noqa: N803
        """Rotate at once to a value of its own."""
        assert SecretId == NAME
        self._called("RotateSecret")
        store = self.hand.store
        store.values[ClientRequestToken] = value("rotated")
        if self.new_works:
            self.hand.target.accepted.add("rotated")
        store.labels.pop("AWSPENDING", None)
        store.labels |= {"AWSCURRENT": ClientRequestToken, "AWSPREVIOUS": store.labels["AWSCURRENT"]}
        return {"VersionId": ClientRequestToken}

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        """Do what the function does."""
        assert FunctionName == FUNCTION
        event = json.loads(Payload)
        self._called(event["Operation"])
        if self.reply is not None:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(self.reply).encode())}
        answer: object
        try:
            strategy = cast("Any", self.hand.target)
            answer = handle(event, FakeContext(), cast("Any", self.hand.store), lambda *_: strategy)
        except RotationStepFailed as failed:
            answer = {"errorMessage": str(failed)}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(answer).encode())}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def get_caller_identity(self) -> dict[str, str]:
        self._called("GetCallerIdentity")
        return {"Arn": CALLER}

    def _called(self, name: str) -> None:
        self.before(name)
        self.calls.append(name)


def denied(operation: str) -> ClientError:
    """Return what boto3 raises for a call that is denied."""
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": "details"}}, operation)


def run_command(secret: OperatedSecret, *arguments: str, given: str | bytes = value("set")) -> Result:
    """Run a command of the command line on *secret*, with *given* on standard input."""
    return CliRunner().invoke(app, list(arguments), obj=lambda _: secret.target(), input=given)


def answer_of(secret: OperatedSecret, *arguments: str, given: str = value("set")) -> Any:
    """Return what a command that succeeds prints for machines."""
    done = run_command(secret, *arguments, "--yes", "--json", given=given)
    assert done.exit_code == 0, (done.stderr, done.exception)
    lines = [line for line in done.stdout.splitlines() if '"audit": true' not in line]  # the function's own log
    return json.loads("\n".join(lines))


def error_of(result: Result) -> tuple[int, str]:
    """Return what the process would end with, and say."""
    if isinstance(result.exception, OperationError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.stderr
