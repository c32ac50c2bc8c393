"""The function's client of Secrets Manager: each call is a place, and the fake on the other side answers it."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, EndpointConnectionError, ReadTimeoutError

from tests.rehearsal.points import Moment
from tests.rehearsal.seam import Seam

_ENDPOINT = "https://secretsmanager.invalid"


@dataclass(frozen=True, slots=True)
class SeamClient:
    """The methods that rotation calls. Errors of a lost call are those that botocore raises after its retries."""

    seam: Seam

    def describe_secret(self, **arguments: Any) -> Any:
        return self._call("DescribeSecret", "describe_secret", arguments)

    def get_secret_value(self, **arguments: Any) -> Any:
        return self._call("GetSecretValue", "get_secret_value", arguments)

    def put_secret_value(self, **arguments: Any) -> Any:
        return self._call("PutSecretValue", "put_secret_value", arguments)

    def update_secret_version_stage(self, **arguments: Any) -> Any:
        return self._call("UpdateSecretVersionStage", "update_secret_version_stage", arguments)

    def _call(self, operation: str, method: str, arguments: dict[str, Any]) -> Any:
        return self.seam.passes(operation, lambda: self.seam.ask(method, arguments), _lost)


def _lost(moment: Moment, _answer: object) -> BotoCoreError:
    if moment is Moment.BEFORE:
        return EndpointConnectionError(endpoint_url=_ENDPOINT)
    return ReadTimeoutError(endpoint_url=_ENDPOINT)
