"""The function's clients of AWS: each call is a place, and the fakes on the other side answer it."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, EndpointConnectionError, ReadTimeoutError

from tests.rehearsal.points import Moment
from tests.rehearsal.seam import Seam

_ENDPOINT = "https://aws.invalid"


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


@dataclass(frozen=True, slots=True)
class SeamIam:
    """The methods of IAM's client that rotation calls, which are tried once."""

    seam: Seam

    def create_access_key(self, **arguments: Any) -> Any:
        return self._call("CreateAccessKey", "create_access_key", arguments)

    def list_access_keys(self, **arguments: Any) -> Any:
        return self._call("ListAccessKeys", "list_access_keys", arguments)

    def update_access_key(self, **arguments: Any) -> Any:
        return self._call("UpdateAccessKey", "update_access_key", arguments)

    def delete_access_key(self, **arguments: Any) -> Any:
        return self._call("DeleteAccessKey", "delete_access_key", arguments)

    def _call(self, operation: str, method: str, arguments: dict[str, Any]) -> Any:
        return self.seam.passes(operation, lambda: self.seam.ask(method, arguments), _lost)


def _lost(moment: Moment, _answer: object) -> BotoCoreError:
    if moment is Moment.BEFORE:
        return EndpointConnectionError(endpoint_url=_ENDPOINT)
    return ReadTimeoutError(endpoint_url=_ENDPOINT)
