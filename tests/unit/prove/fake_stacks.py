"""CloudFormation as far as a run calls it; moto's own needs packages that are not installed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import ClientError, WaiterError

Resources = Sequence[tuple[str, str]]
"""Type and physical id."""


@dataclass
class FakeStacks:
    """Stacks of one region.

    Attributes:
        made: Resources of each stack.
        stuck: Stacks that cannot be deleted.
        deleted: Stacks in the order in which they were.
        error: What the next look at a stack raises.
    """

    made: dict[str, Resources] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    deleted: list[str] = field(default_factory=list)
    error: BaseException | None = None

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - as boto3 calls it
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        if StackName not in self.made:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": "CREATE_COMPLETE"}]}

    def delete_stack(self, *, StackName: str) -> None:  # noqa: N803 - as boto3 calls it
        self.deleted.append(StackName)
        if StackName not in self.stuck:
            del self.made[StackName]

    def get_paginator(self, _: str) -> "FakeStacks":
        return self

    def paginate(self, *, StackName: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - as boto3 calls it
        yield {
            "StackResourceSummaries": [
                {"ResourceType": kind, "PhysicalResourceId": name, "ResourceStatus": "CREATE_COMPLETE"}
                for kind, name in self.made[StackName]
            ]
        }

    def get_waiter(self, _: str) -> "FakeStacks":
        return self

    def wait(self, *, StackName: str, WaiterConfig: dict[str, int]) -> None:  # noqa: ARG002, N803 - as boto3 calls it
        if StackName in self.made:
            raise WaiterError("StackDeleteComplete", "terminal failure", {})


class FakeSession:
    """A boto3 session whose CloudFormation is fake.

    Attributes:
        regions: CloudFormation of each region.
    """

    def __init__(self) -> None:
        self.regions = {"eu-central-1": FakeStacks(), "eu-west-1": FakeStacks()}
        self._session: Any = boto3.Session(region_name="eu-central-1")

    def client(self, service: str, region_name: str = "eu-central-1", **options: Any) -> Any:
        if service == "cloudformation":
            return self.regions[region_name]
        return self._session.client(service, region_name=region_name, **options)
