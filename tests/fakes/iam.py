"""IAM's access keys of one user in memory, behind the calls that rotation makes.

Rules and their source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html (two keys at most),
API_UpdateAccessKey.html and API_DeleteAccessKey.html beside it.
"""

import datetime as dt
import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import ClientError

_MOST_KEYS = 2


@dataclass(frozen=True, slots=True)
class AccessKey:
    """One key.

    Attributes:
        secret: Its secret.
        active: Whether it may be used.
        made: When it was made.
    """

    secret: str
    active: bool
    made: dt.datetime


@dataclass
class FakeIam:
    """A user and its keys.

    Attributes:
        user: Its name.
        keys: Id to key.
        now: What the time is when a key is made.
        refusals: Call to the code of the error that it answers with.
        calls: How often each call was made.
    """

    user: str = "alees-local-smtp"
    keys: dict[str, AccessKey] = field(default_factory=dict)
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    refusals: dict[str, str] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def create_access_key(self, *, UserName: str) -> dict[str, Any]:  # noqa: N803
        self._called("CreateAccessKey", UserName)
        if len(self.keys) >= _MOST_KEYS:
            raise _error("CreateAccessKey", "LimitExceeded")
        key_id, secret = f"KEY{secrets.token_hex(8).upper()}", secrets.token_urlsafe(30)
        self.keys[key_id] = AccessKey(secret, active=True, made=self.now)
        return {"AccessKey": {"AccessKeyId": key_id, "SecretAccessKey": secret, "UserName": UserName}}

    def list_access_keys(self, *, UserName: str) -> dict[str, Any]:  # noqa: N803
        self._called("ListAccessKeys", UserName)
        return {
            "AccessKeyMetadata": [
                {"AccessKeyId": name, "Status": "Active" if key.active else "Inactive", "CreateDate": key.made}
                for name, key in self.keys.items()
            ]
        }

    def update_access_key(self, *, UserName: str, AccessKeyId: str, Status: str) -> dict[str, Any]:  # noqa: N803
        self._called("UpdateAccessKey", UserName, AccessKeyId)
        self.keys[AccessKeyId] = replace(self.keys[AccessKeyId], active=Status == "Active")
        return {}

    def delete_access_key(self, *, UserName: str, AccessKeyId: str) -> dict[str, Any]:  # noqa: N803
        self._called("DeleteAccessKey", UserName, AccessKeyId)
        del self.keys[AccessKeyId]
        return {}

    def _called(self, operation: str, user: str, key_id: str | None = None) -> None:
        self.calls[operation] += 1
        if operation in self.refusals:
            raise _error(operation, self.refusals[operation])
        if user != self.user or (key_id is not None and key_id not in self.keys):
            raise _error(operation, "NoSuchEntity")


def _error(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"{code} by the fake"}}, operation)
