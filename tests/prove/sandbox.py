"""The sandbox account: its stacks, and the clients that reach it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from alees_secrets import naming
from config.environment import Environment

_POLL_SECONDS = 2.0
_THERE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_FAILED"}
_PATIENT = Config(connect_timeout=5, retries={"mode": "standard", "total_max_attempts": 6})


@dataclass(frozen=True, slots=True)
class StackPlace:
    """A stack and the region it is in."""

    name: str
    region: str


@dataclass(frozen=True)
class Sandbox:
    """An environment in a real account.

    Attributes:
        environment: Its configuration.
        session: boto3 session with the caller's credentials.
        say: Tells the person in front of it how far it is.
        pause: Waits for some seconds.
    """

    environment: Environment
    session: Any
    say: Callable[[str], None]
    pause: Callable[[float], None] = time.sleep

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a boto3 client in *region*; by default in the environment's."""
        return self.session.client(service, region_name=region or self.environment.region, config=_PATIENT)

    @property
    def stacks(self) -> tuple[StackPlace, ...]:
        """Return all stacks in the order in which they deploy."""
        own, recovery = self.environment.region, self.environment.recovery_region
        name = self.environment.stack_name
        return (
            StackPlace(self.environment.account.stack_name, self.environment.account.home_region),
            StackPlace(f"{name}Recovery", recovery),
            *(StackPlace(f"{name}Api{shard:02}", own) for shard in self.environment.shards),
            StackPlace(name, own),
        )

    def stack_status(self, stack: StackPlace) -> str | None:
        """Return the status of a stack; None if there is none."""
        try:
            found = self.client("cloudformation", stack.region).describe_stacks(StackName=stack.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        return str(found[0]["StackStatus"])

    def made(self, stack: StackPlace, resource_type: str) -> list[str]:
        """Return the physical ids of a stack's resources of one type; none if there is no stack."""
        if self.stack_status(stack) is None:
            return []
        pages = self.client("cloudformation", stack.region).get_paginator("list_stack_resources")
        return [
            each["PhysicalResourceId"]
            for page in pages.paginate(StackName=stack.name)
            for each in page["StackResourceSummaries"]
            if each["ResourceType"] == resource_type and each["ResourceStatus"] in _THERE
        ]

    def secret(self, path: str) -> str:
        """Return the whole name of a secret."""
        return naming.prefix(self.environment.slug) + path

    def describe(self, path: str) -> dict[str, Any]:
        """Return what DescribeSecret says of a secret."""
        answer: dict[str, Any] = self.client("secretsmanager").describe_secret(SecretId=self.secret(path))
        return answer

    def rotate(self, path: str, *, minutes: float = 5, token: str | None = None) -> bool:
        """Rotate a secret, taking up the version *token* if one is given, and tell whether it is AWSCURRENT in time."""
        arguments = {} if token is None else {"ClientRequestToken": token}
        version = self.client("secretsmanager").rotate_secret(SecretId=self.secret(path), **arguments)["VersionId"]
        return self.wait_for(
            lambda: "AWSCURRENT" in self.describe(path)["VersionIdsToStages"].get(version, []), minutes
        )

    def wait_for(self, holds: Callable[[], bool], minutes: float) -> bool:
        """Tell whether something comes to hold within some minutes."""
        for _ in range(round(minutes * 60 / _POLL_SECONDS)):
            if holds():
                return True
            self.pause(_POLL_SECONDS)
        return False
