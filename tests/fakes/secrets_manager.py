"""One secret in memory, behind the calls that rotation makes, with Secrets Manager's rules for versions and labels.

moto has other rules (it changes versions, and knows none without a value). Rules and their sources:
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
"""

import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

ARN = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:alees/local/database/credentials-AbCdEf"


@dataclass
class FakeSecretsManager:
    """The secret, the admin secret beside it, and a count of the calls.

    Attributes:
        values: Version id to SecretString; None for a version without a value.
        labels: Label to version id.
        others: Other secrets: name to SecretString.
        tags: The secret's tags.
        rotates: Whether rotation is switched on.
        calls: How often each call was made.
        before: Called with each call's name before it is carried out, to fail or to interleave.
        after: The same, after it was carried out: its answer is lost when this fails.
    """

    values: dict[str, str | None] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    rotates: bool = True
    calls: Counter[str] = field(default_factory=Counter)
    before: Any = None
    after: Any = None

    def start_rotation(self, token: str) -> dict[str, str]:
        """Do what RotateSecret does before it calls the function; return an event without a step."""
        self.values.setdefault(token, None)
        self.labels["AWSPENDING"] = token
        return {"SecretId": ARN, "ClientRequestToken": token}

    def start_new_rotation(self) -> str:
        """Do the same under a token of its own; return the token."""
        token = str(uuid.uuid4())
        self.start_rotation(token)
        return token

    def current(self) -> dict[str, Any]:
        """Return the fields of the AWSCURRENT version."""
        return self.fields(self.labels["AWSCURRENT"])

    def fields(self, version: str) -> dict[str, Any]:
        """Return the fields of a version that has a value."""
        fields: dict[str, Any] = json.loads(self.values[version] or "null")
        return fields

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self._called("DescribeSecret", SecretId)
        stages: dict[str, list[str]] = {}
        for label, version in self.labels.items():
            stages.setdefault(version, []).append(label)
        return {"VersionIdsToStages": stages, "RotationEnabled": self.rotates}

    def get_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803
        VersionId: str | None = None,  # noqa: N803
        VersionStage: str = "AWSCURRENT",  # noqa: N803
    ) -> dict[str, Any]:
        if SecretId in self.others:
            self._called("GetSecretValue", ARN)
            return {"VersionId": "admin", "SecretString": self.others[SecretId]}
        self._called("GetSecretValue", SecretId)
        version = self.labels.get(VersionStage)
        if VersionId is not None and VersionId != version:
            raise _error("GetSecretValue", "InvalidRequestException")
        if version is None or self.values[version] is None:
            raise _error("GetSecretValue", "ResourceNotFoundException")
        return {"VersionId": version, "SecretString": self.values[version]}

    def put_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803
        ClientRequestToken: str,  # noqa: N803
        SecretString: str,  # noqa: N803
        VersionStages: list[str],  # noqa: N803
    ) -> dict[str, Any]:
        self._called("PutSecretValue", SecretId)
        if self.values.get(ClientRequestToken) not in (None, SecretString):
            raise _error("PutSecretValue", "ResourceExistsException")
        self.values[ClientRequestToken] = SecretString
        for label in VersionStages:
            self._put_label(label, ClientRequestToken)
        return self._answered("PutSecretValue")

    def update_secret_version_stage(
        self,
        *,
        SecretId: str,  # noqa: N803
        VersionStage: str,  # noqa: N803
        MoveToVersionId: str | None = None,  # noqa: N803
        RemoveFromVersionId: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        self._called("UpdateSecretVersionStage", SecretId)
        holder = self.labels.get(VersionStage)
        # What is to be taken from a version that does not have it any more is refused as well.
        if holder not in ({RemoveFromVersionId, MoveToVersionId} if MoveToVersionId else {RemoveFromVersionId}):
            raise _error("UpdateSecretVersionStage", "InvalidParameterException")
        if MoveToVersionId is None:
            del self.labels[VersionStage]
        else:
            self._put_label(VersionStage, MoveToVersionId)
        return self._answered("UpdateSecretVersionStage")

    def tag_resource(self, *, SecretId: str, Tags: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self._called("TagResource", SecretId)
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}
        return self._answered("TagResource")

    def _put_label(self, label: str, version: str) -> None:
        holder = self.labels.get(label)
        self.labels[label] = version
        if label == "AWSCURRENT" and holder not in (None, version):
            self.labels["AWSPREVIOUS"] = str(holder)

    def _answered(self, operation: str) -> dict[str, Any]:
        if self.after is not None:
            self.after(operation)
        return {}

    def _called(self, operation: str, secret_id: str) -> None:
        self.calls[operation] += 1
        if secret_id != ARN:
            raise _error(operation, "ResourceNotFoundException")
        if self.before is not None:
            self.before(operation)


def _error(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"{code} by the fake"}}, operation)
