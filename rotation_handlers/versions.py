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
from rotation_handlers.labels import CURRENT, PENDING, PREVIOUS, REVOKED, Labels
from rotation_handlers.secrets_manager import Answer, call, parse

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


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
            current=holder.get(CURRENT),
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
        return self._at(CURRENT)

    def _at(self, stage: str) -> StoredVersion:
        answer = self._call(lambda: self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage))
        fields = parse(answer.get("SecretString"))
        if fields is None:
            raise RotationError(Cause.BAD_SECRET, f"the {stage} value is not a JSON object")
        return StoredVersion(answer["VersionId"], None if is_placeholder(fields) else fields)

    def _pending(self, **version: str) -> SecretFields | None:
        """Return the AWSPENDING value; None if the version has none yet, or if *version* does not hold the label.

        Raises:
            UnusablePendingError: It is damaged.
        """
        try:
            answer = self._call(
                lambda: self._client.get_secret_value(SecretId=self._secret_id, VersionStage=PENDING, **version),
                absent=_NoValueError,
            )
        except _NoValueError:
            return None
        fields = parse(answer.get("SecretString"))
        if fields is None:
            raise UnusablePendingError("the AWSPENDING value is not a JSON object")
        return fields

    def retire(self, version_id: str) -> None:
        """Label an older version as revoked and take AWSPREVIOUS from it; doing it again changes nothing.

        Comes before its credential is ended at the target, whoever ends it (createSecret to make room, or the operation
        ``revoke``): from then on neither the canary nor a person goes back to the version.

        Raises:
            OvertakenError: It is AWSCURRENT, or became so meanwhile: its credential must not be ended.
        """
        labels = self.labels()
        try:
            if labels.current != version_id:
                if labels.revoked != version_id:
                    self._move(REVOKED, to=version_id, holder=labels.revoked)
                if labels.previous == version_id:
                    self._remove(PREVIOUS, version_id)
        finally:
            self.require_retired(version_id)

    def require_retired(self, version_id: str) -> Labels:
        """Return the labels as they are now, unless a retired version was made AWSCURRENT: then it is so no more.

        Whoever looked for a version to go back to just before it was retired may have gone back to it, and be about to
        return from it when they see the label.

        Raises:
            OvertakenError: It was; it does not have the label REVOKED any more, unless nothing else would lead to it.
        """
        labels = self.labels()
        if labels.current != version_id:
            return labels
        if labels.revoked == version_id:
            self._remove(REVOKED, version_id)
            labels = self.labels()
            if version_id not in {labels.current, labels.previous}:
                self._move(REVOKED, to=version_id, holder=labels.revoked)
        raise OvertakenError(f"version {version_id[:8]} is AWSCURRENT, so it was not revoked")

    def _move(self, stage: str, *, to: str, holder: str | None) -> None:
        """Move a label; AWSPREVIOUS follows AWSCURRENT. Secrets Manager refuses if *holder* has lost it."""
        moved = {"RemoveFromVersionId": holder} if holder else {}
        self._call(
            lambda: self._client.update_secret_version_stage(
                SecretId=self._secret_id, VersionStage=stage, MoveToVersionId=to, **moved
            )
        )

    def _remove(self, stage: str, holder: str) -> None:
        self._call(
            lambda: self._client.update_secret_version_stage(
                SecretId=self._secret_id, VersionStage=stage, RemoveFromVersionId=holder
            )
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
        fields = self.pending_if_stored()
        if fields is None:
            raise OvertakenError
        return fields

    def pending_if_stored(self) -> SecretFields | None:
        """Return the value of this rotation's version; None if it does not hold AWSPENDING, or has no value yet.

        Raises:
            UnusablePendingError: The value is damaged.
        """
        return self._pending(VersionId=self.token)

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
        self._move(CURRENT, to=self.token, holder=replaced)

    def discard_pending(self) -> None:
        """Take AWSPENDING from this rotation's version, so that the next rotation starts afresh."""
        self._remove(PENDING, self.token)


class _NoValueError(Exception):
    """The version has no value, or not at the label asked for."""


class _ValueExistsError(Exception):
    """The version has another value already."""
