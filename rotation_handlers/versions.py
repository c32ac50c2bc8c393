"""One secret's versions and labels, as the function and as one rotation see them.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alees_secrets.kinds import is_placeholder
from alees_secrets.values import SecretFields
from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import Cause, OvertakenError, RotationError, UnusablePendingError
from rotation_handlers.secrets_manager import Answer, call, parse

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_CURRENT = "AWSCURRENT"
PREVIOUS = "AWSPREVIOUS"
REVOKED = "alees-revoked"
"""Our own label, on a version whose credential was ended on purpose: it is never to be used again."""

PENDING = "AWSPENDING"


@dataclass(frozen=True, slots=True)
class Labels:
    """Which version holds which label.

    Attributes:
        current: Id of the AWSCURRENT version, or None.
        pending: Id of the AWSPENDING version, or None.
        previous: Id of the AWSPREVIOUS version, or None.
        revoked: Id of the version that was revoked last, or None.
        rotates: Whether rotation of the secret is switched on.
    """

    current: str | None
    pending: str | None
    previous: str | None
    revoked: str | None
    rotates: bool


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version that was written to the end: AWSCURRENT or AWSPREVIOUS.

    Attributes:
        version_id: Its id.
        fields: Its value; None before the first rotation, when it is the placeholder.
    """

    version_id: str
    fields: SecretFields | None


class StoredVersions:
    """Reads the labels of one secret, and the values that stand at them.

    Args:
        client: boto3 client of Secrets Manager.
        secret_id: ARN of the secret.
        deadline: No call is begun when its time is used up.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str, deadline: Deadline) -> None:
        self._client = client
        self._secret_id = secret_id
        self._deadline = deadline

    def labels(self) -> Labels:
        """Return where the labels are now."""
        answer = self._call(lambda: self._client.describe_secret(SecretId=self._secret_id))
        versions = answer.get("VersionIdsToStages", {})
        holder = {label: version for version, labels in versions.items() for label in labels}
        return Labels(
            current=holder.get(_CURRENT),
            pending=holder.get(PENDING),
            previous=holder.get(PREVIOUS),
            revoked=holder.get(REVOKED),
            rotates=answer.get("RotationEnabled", False),
        )

    def current(self) -> StoredVersion:
        """Return the AWSCURRENT version.

        Raises:
            RotationError: It is damaged.
        """
        return self._at(_CURRENT)

    def _at(self, stage: str) -> StoredVersion:
        answer = self._call(lambda: self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage))
        fields = parse(answer.get("SecretString"))
        if fields is None:
            raise RotationError(Cause.BAD_SECRET, f"the {stage} value is not a JSON object")
        return StoredVersion(answer["VersionId"], None if is_placeholder(fields) else fields)

    def retire(self, version: str) -> None:
        """Mark *version* as never to be used again: it gets the label REVOKED and loses AWSPREVIOUS.

        Doing it again changes nothing. Its value stays, for whoever may read it by that label.

        Raises:
            RotationError: It is AWSCURRENT; see require_retired.
        """
        labels = self.labels()
        try:
            if version != labels.current:
                if labels.revoked != version:
                    self._move(REVOKED, to=version, taken_from=labels.revoked)
                if labels.previous == version:
                    self._move(PREVIOUS, taken_from=version)
        finally:
            self.require_retired(version)

    def require_retired(self, version: str) -> Labels:
        """Return the labels as they are now, unless a retired *version* was made AWSCURRENT: then it is so no more.

        Whoever looked for a version to go back to just before it was retired may have gone back to it.

        Raises:
            RotationError: It was; it does not have the label any more.
        """
        labels = self.labels()
        if labels.current != version:
            return labels
        if labels.revoked == version:
            self._move(REVOKED, taken_from=version)
        raise RotationError(Cause.OVERTAKEN, f"version {version[:8]} is AWSCURRENT, so it was not revoked")

    def _move_current(self, *, to: str, replaced: str | None) -> None:
        """Move AWSCURRENT; AWSPREVIOUS follows by itself.

        Secrets Manager refuses if *replaced* does not hold it any more.
        """
        self._move(_CURRENT, to=to, taken_from=replaced)

    def _move(self, label: str, *, to: str | None = None, taken_from: str | None = None) -> None:
        changes = {"MoveToVersionId": to, "RemoveFromVersionId": taken_from}
        given = {parameter: version for parameter, version in changes.items() if version is not None}
        self._call(
            lambda: self._client.update_secret_version_stage(SecretId=self._secret_id, VersionStage=label, **given)
        )

    def _call(
        self,
        request: Callable[[], Answer],
        *,
        absent: Callable[[], Exception] | None = None,
        exists: Callable[[], Exception] | None = None,
    ) -> Answer:
        self._deadline.seconds_left()
        return call(request, absent=absent, exists=exists)


class SecretVersions(StoredVersions):
    """Reads and moves the labels of one secret for one rotation.

    Args:
        client: boto3 client of Secrets Manager.
        secret_id: ARN of the secret.
        token: Id of the version that this rotation makes: the event's ClientRequestToken.
        deadline: No call is begun when its time is used up.
    """

    def __init__(self, client: "SecretsManagerClient", secret_id: str, token: str, deadline: Deadline) -> None:
        super().__init__(client, secret_id, deadline)
        self.token = token

    def require_pending(self, labels: Labels) -> None:
        """Refuse to go on unless this rotation's version holds AWSPENDING and rotation is switched on.

        Raises:
            OvertakenError: The version does not hold the label.
            RotationError: Somebody switched rotation off.
        """
        if labels.pending != self.token:
            raise OvertakenError
        if not labels.rotates:
            raise RotationError(
                Cause.ROTATION_OFF, "rotation of the secret is switched off; deploy its stack again to switch it on"
            )

    def pending(self) -> SecretFields:
        """Return the value of this rotation's version.

        Raises:
            OvertakenError: The version does not hold AWSPENDING, or has no value.
            UnusablePendingError: The value is damaged.
        """
        answer = self._call(
            lambda: self._client.get_secret_value(SecretId=self._secret_id, VersionId=self.token, VersionStage=PENDING),
            absent=OvertakenError,
        )
        fields = parse(answer.get("SecretString"))
        if fields is None:
            raise UnusablePendingError("the AWSPENDING value is not a JSON object")
        return fields

    def put_pending(self, fields: Mapping[str, str | int]) -> bool:
        """Store *fields* as this rotation's version.

        Returns:
            False if the version had a value already; it is kept, since Secrets Manager's versions never change.
        """
        try:
            self._call(
                lambda: self._client.put_secret_value(
                    SecretId=self._secret_id,
                    ClientRequestToken=self.token,
                    SecretString=json.dumps(dict(fields)),
                    VersionStages=[PENDING],
                ),
                exists=_ValueExistsError,
            )
        except _ValueExistsError:
            return False
        return True

    def make_current(self, replaced: str | None) -> None:
        """Move AWSCURRENT from the version *replaced* to this rotation's.

        Secrets Manager refuses if *replaced* does not hold it any more.
        """
        self._move_current(to=self.token, replaced=replaced)

    def discard_pending(self) -> None:
        """Take AWSPENDING from this rotation's version, so that the next rotation starts afresh."""
        self._move(PENDING, taken_from=self.token)


class _ValueExistsError(Exception):
    """The version has another value already."""
