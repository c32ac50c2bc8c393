"""Read the AWSCURRENT values of many secrets, twenty with one request.

BatchGetSecretValue serves AWSCURRENT alone, and asks for GetSecretValue on each secret beside a permission of its own
(https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from alees_secrets.aws_client import AwsClient
from alees_secrets.documents import decode
from alees_secrets.errors import SecretAccessDeniedError, SecretsError
from alees_secrets.naming import SecretName
from alees_secrets.stages import VersionStage
from alees_secrets.versions import SecretVersion

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager.type_defs import (
        APIErrorTypeTypeDef,
        BatchGetSecretValueResponseTypeDef,
        GetSecretValueResponseTypeDef,
        SecretValueEntryTypeDef,
    )

IDS_IN_A_BATCH = 20

Outcome = SecretVersion | SecretsError


class Batches:
    """Requests for many secrets, as long as AWS lets the role make them.

    Args:
        aws: The client.
        read_one: Reads one secret's AWSCURRENT version with a request of its own.
    """

    def __init__(self, aws: AwsClient, read_one: Callable[[SecretName], Outcome]) -> None:
        self._aws = aws
        self._read_one = read_one
        self._denied = False

    def read(self, names: Sequence[SecretName]) -> Mapping[SecretName, Outcome]:
        """Return what the read of each of *names* comes to."""
        outcomes: dict[SecretName, Outcome] = {}
        denied = self._denied
        for start in range(0, len(names), IDS_IN_A_BATCH):
            if not denied and names[start] not in outcomes:
                found = self._batch(names[start:])
                denied, outcomes = found is None, outcomes | (found or {})
        # What is left: all of them where batches are denied, and whatever an answer left out.
        alone = {name: self._read_one(name) for name in names if name not in outcomes}
        # Credentials that have expired are denied alike, and are renewed: then no read succeeds.
        self._denied = denied and (self._denied or any(isinstance(each, SecretVersion) for each in alone.values()))
        return outcomes | alone

    def _batch(self, names: Sequence[SecretName]) -> dict[SecretName, Outcome] | None:
        """Return what comes of the first twenty, None if that is denied.

        When there is no answer, it is the outcome of all of *names*: each batch would wait for it.
        """
        batch = names[:IDS_IN_A_BATCH]
        ids = [str(name) for name in batch]
        answer = self._aws.call(names[0], lambda client: client.batch_get_secret_value(SecretIdList=ids))
        if isinstance(answer, SecretAccessDeniedError):
            return None
        if isinstance(answer, SecretsError):
            return dict.fromkeys(names, answer)
        return self._outcomes(batch, answer)

    def _outcomes(
        self, names: Sequence[SecretName], answer: "BatchGetSecretValueResponseTypeDef"
    ) -> dict[SecretName, Outcome]:
        by_id = {str(name): name for name in names}
        outcomes: dict[SecretName, Outcome] = {}
        for value in answer.get("SecretValues", []):
            if name := by_id.get(value.get("Name", "")):
                outcomes[name] = version_of(name, VersionStage.CURRENT, value)
        for error in answer.get("Errors", []):
            if name := by_id.get(error.get("SecretId", "")):
                outcomes[name] = self._refusal(name, error)
        return outcomes

    def _refusal(self, name: SecretName, error: "APIErrorTypeTypeDef") -> SecretsError:
        from alees_secrets import aws_errors  # noqa: PLC0415 - it imports botocore

        return aws_errors.refusal_of(
            error.get("ErrorCode", ""), error.get("Message", ""), "GetSecretValue", name, self._aws.region
        )


def version_of(
    name: SecretName, stage: VersionStage, answer: "GetSecretValueResponseTypeDef | SecretValueEntryTypeDef"
) -> Outcome:
    """Return the version that an answer holds, or the error to raise from a frame that does not hold the answer."""
    fields = decode(name, stage, answer.get("SecretString"))
    if isinstance(fields, SecretsError):
        return fields
    return SecretVersion(fields, answer.get("VersionId", ""), answer["CreatedDate"].timestamp())
