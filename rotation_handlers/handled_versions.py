"""One secret's versions, labels and tags, as operations by hand see and change them."""

import json
from collections.abc import Mapping

from alees_secrets.values import SecretFields
from rotation_handlers.labels import PENDING, REVOKED
from rotation_handlers.rotated_versions import RotatedVersions
from rotation_handlers.versions import StoredVersion


class HandledVersions(RotatedVersions):
    """Reads every version that has a label, puts a value by hand, and tags the secret."""

    def revoked(self) -> StoredVersion:
        """Return the version that was retired last.

        Raises:
            RotationError: It is damaged, or there is none.
        """
        return self._at(REVOKED)

    def pending(self) -> SecretFields | None:
        """Return the AWSPENDING value; None if the version has none yet.

        Raises:
            UnusablePendingError: It is damaged.
        """
        return self._pending()

    def drop_pending(self, version: str) -> None:
        """Take AWSPENDING from *version*. Secrets Manager refuses if it does not hold it any more."""
        self._remove(PENDING, version)

    def put_current(self, version: str, fields: Mapping[str, str | int]) -> None:
        """Store *fields* as a new version with the id *version*, which is AWSCURRENT then."""
        self._call(
            lambda: self._client.put_secret_value(
                SecretId=self._secret_id,
                ClientRequestToken=version,
                SecretString=json.dumps(dict(fields)),
                VersionStages=["AWSCURRENT"],
            )
        )

    def tag(self, tags: Mapping[str, str]) -> None:
        """Give the secret *tags*, in place of what it had under their keys."""
        self._call(
            lambda: self._client.tag_resource(
                SecretId=self._secret_id, Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
            )
        )
