"""Somebody who issues credentials, in memory: two at a time, as IAM does."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, RotationError

MOST = 2


@dataclass
class FakeIssuer:
    """Issues API keys.

    Attributes:
        live: Id to secret of every live credential.
        names: Id to the token that the credential's name carries.
        made: The tokens that credentials were made for, in order.
        before: Called with each call's name before it is carried out, to fail or to interleave.
        after: The same, after it was carried out: its answer is lost when this fails.
        refusals: How many verifications are refused yet, as while a new credential spreads.
        foreign: Ids of live credentials that no rotation made, which are neither listed nor ended.
    """

    live: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _: None
    after: Callable[[str], None] = lambda _: None
    refusals: int = 0
    foreign: set[str] = field(default_factory=set)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def list_credentials(self) -> dict[str, str | None]:
        self.before("list")
        return {each: self.names.get(each) for each in self.live if each not in self.foreign}

    def create(self, token: str) -> dict[str, str | int]:
        self.before("create")
        if len(self.live) >= MOST:
            raise RotationError(Cause.PRIVILEGE, f"there are {MOST} credentials")
        number = next(self._numbers)
        self.live[f"key-{number}"] = f"secret-{number}"
        self.names[f"key-{number}"] = token
        self.made.append(token)
        self.after("create")
        return {"api_key": f"key-{number}", "api_secret": f"secret-{number}"}

    def id_of(self, value: SecretFields) -> str:
        if "api_key" not in value:
            raise RotationError(Cause.BAD_SECRET, "the value has no api_key")
        return value["api_key"]

    def verify(self, value: SecretFields) -> None:
        self.before("verify")
        if self.refusals > 0:
            self.refusals -= 1
        elif self.live.get(value["api_key"]) == value["api_secret"]:
            return
        raise RotationError(Cause.AUTHENTICATION, "refused")

    def revoke(self, credential_id: str) -> None:
        self.before("revoke")
        if credential_id not in self.foreign:
            self.live.pop(credential_id, None)
        self.after("revoke")
