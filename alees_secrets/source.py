"""Where secrets come from: the seam that a cache sits on, and AWS behind it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from alees_secrets.aws_client import Answer, AwsClient
from alees_secrets.batches import Batches, Outcome, version_of
from alees_secrets.documents import check_length, encode
from alees_secrets.errors import SecretsError
from alees_secrets.kinds import kind_of
from alees_secrets.naming import SecretName, key_alias
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion, new_token

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class SecretSource(Protocol):
    """Reads and changes secrets. Names and fields that it is given are valid for their kind.

    Every failure is a SecretsError, with nothing in it or its frames that holds a value. Threads share a source.
    """

    def read(self, name: SecretName, stage: VersionStage) -> SecretVersion:
        """Return the version of *name* at *stage*."""

    def read_many(self, names: Sequence[SecretName]) -> Mapping[SecretName, SecretVersion | SecretsError]:
        """Return the AWSCURRENT version of each of *names*, or why it cannot be read. Raises nothing."""

    def create(self, name: SecretName, fields: SecretFields, token: str) -> None:
        """Make a new secret, whose version has the id *token*; the same call again does nothing."""

    def update(self, name: SecretName, fields: SecretFields, token: str) -> None:
        """Make *fields* the AWSCURRENT value of a secret that exists, as the version *token*, once."""

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        """Start a rotation, or take up that of *version_id*; return the id of the version that it makes."""

    def labels(self, name: SecretName) -> Mapping[str, Collection[str]]:
        """Return the staging labels of each version that has any."""


class AwsSecretSource:
    """Secrets Manager in one region. One call of it is one request, but for read_many.

    botocore is imported, and a client made with the credentials that boto3 finds, by the first call. Threads may share
    an object; a forked process makes its own client. A call that gets no answer ends after three attempts of at most
    2 s to connect and 5 s to read, and the pauses between them. botocore logs nothing of these calls at DEBUG.

    Args:
        region: Such as ``eu-central-1``.
        client: Used instead of one made here, with its own credentials and waits; in forked processes too.

    Raises:
        SecretNotFoundError: There is no such secret, no version at the stage, or it is scheduled for deletion.
        SecretAccessDeniedError: The call, or the use of the secret's key, is denied.
        SecretUnavailableError: There was no answer or one that means AWS's own trouble, or there are no credentials.
            No error of boto3 is in the chain of any of these, since those may hold what was sent; nor is a value in
            their frames.
    """

    def __init__(self, region: str, *, client: "SecretsManagerClient | None" = None) -> None:
        self._aws = AwsClient(region, client)
        self._batches = Batches(self._aws, lambda name: self._read(name, VersionStage.CURRENT))

    def read(self, name: SecretName, stage: VersionStage) -> SecretVersion:
        """Return the version of *name* at *stage*.

        The stage is always sent, and never a version id, so that policies can say which versions a role may read.

        Raises:
            SecretNotInitializedError: The secret has never had a value.
            SecretDamagedError: The value is not what the secret's kind requires.
        """
        outcome = self._read(name, stage)
        if isinstance(outcome, SecretVersion):
            return outcome
        raise outcome

    def read_many(self, names: Sequence[SecretName]) -> Mapping[SecretName, SecretVersion | SecretsError]:
        """Return the AWSCURRENT version of each of *names*, or why it cannot be read.

        Twenty are read with one request. Where AWS denies that, they are read one by one from then on.
        """
        return self._batches.read(names)

    def create(self, name: SecretName, fields: SecretFields, token: str) -> None:
        """Make a new secret under its kind's key, with its tags and its value, in one request.

        Raises:
            InvalidSecretError: The value is too long; nothing was sent.
            SecretExistsError: There is a secret of that name, or one is scheduled for deletion.
        """
        check_length(name, fields)
        kind = kind_of(name.path).name
        tags = {"alees:environment": name.environment, "alees:kind": kind, "alees:managed-by": "client"}
        self._call(
            name,
            lambda client: client.create_secret(
                Name=str(name),
                ClientRequestToken=token,
                SecretString=encode(fields),
                KmsKeyId=key_alias(name.environment, kind),
                Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            ),
        )

    def update(self, name: SecretName, fields: SecretFields, token: str) -> None:
        """Make *fields* the AWSCURRENT value of *name*; the value before becomes AWSPREVIOUS.

        Raises:
            InvalidSecretError: The value is too long; nothing was sent.
        """
        check_length(name, fields)
        self._call(
            name,
            lambda client: client.put_secret_value(
                SecretId=str(name), ClientRequestToken=token, SecretString=encode(fields)
            ),
        )

    def rotate(self, name: SecretName, version_id: str | None) -> str:
        """Start a rotation of *name*, or take up that of *version_id*; return the id of the version that it makes.

        The schedule stays as it is.

        Raises:
            RotationRefusedError: Another one is under way, or no function is set up to rotate this secret.
        """
        token = version_id or new_token()
        answer = self._call(name, lambda client: client.rotate_secret(SecretId=str(name), ClientRequestToken=token))
        return answer["VersionId"]

    def labels(self, name: SecretName) -> Mapping[str, Collection[str]]:
        """Return the staging labels of each version that has any."""
        answer = self._call(name, lambda client: client.describe_secret(SecretId=str(name)))
        return answer.get("VersionIdsToStages", {})

    def _read(self, name: SecretName, stage: VersionStage) -> Outcome:
        answer = self._aws.call(name, lambda client: client.get_secret_value(SecretId=str(name), VersionStage=stage))
        return answer if isinstance(answer, SecretsError) else version_of(name, stage, answer)

    def _call(self, name: SecretName, request: "Callable[[SecretsManagerClient], Answer]") -> Answer:
        """Return the answer to a call whose answer holds no value, or raise."""
        answer = self._aws.call(name, request)
        if isinstance(answer, SecretsError):
            raise answer
        return answer
