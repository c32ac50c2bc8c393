"""Deploy small templates into the local AWS."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.unit.local_cloud.local_aws import LocalAws, wait_until

Resources = dict[str, dict[str, Any]]


def secret(name: str, **properties: Any) -> dict[str, Any]:
    """Return a secret with the value that CloudFormation generates."""
    generate = {"SecretStringTemplate": '{"placeholder":"true"}', "GenerateStringKey": "ignored"}
    return {
        "Type": "AWS::SecretsManager::Secret",
        "Properties": {"Name": name, "GenerateSecretString": generate, **properties},
    }


@dataclass
class Stack:
    """One deployed stack."""

    aws: LocalAws
    name: str = field(default_factory=lambda: f"test-{uuid.uuid4()}")

    def deploy(self, resources: Resources, **outputs: Any) -> None:
        """Create or update the stack; the test fails when that does."""
        self.attempt(resources, **outputs)
        assert self.status() in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, self.failures()

    def attempt(self, resources: Resources, **outputs: Any) -> None:
        """Create or update the stack, which may fail."""
        template = json.dumps({"Resources": resources, "Outputs": {k: {"Value": v} for k, v in outputs.items()}})
        exists = self.status() not in {"", "DELETE_COMPLETE"}
        change = self.aws.stacks.update_stack if exists else self.aws.stacks.create_stack
        change(StackName=self.name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
        self.wait_for_end()

    def wait_for_end(self) -> None:
        """Return when nothing is under way."""
        wait_until(lambda: "IN_PROGRESS" not in self.status(), "the stack is still in progress")

    def status(self) -> str:
        """Return the status, empty when there is no such stack."""
        found = [stack for stack in self.aws.stacks.describe_stacks()["Stacks"] if stack["StackName"] == self.name]
        return found[0]["StackStatus"] if found else ""

    def physical_ids(self) -> dict[str, str]:
        """Return logical to physical id of every resource."""
        found = self.aws.stacks.describe_stack_resources(StackName=self.name)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}

    def outputs(self) -> dict[str, str]:
        """Return the outputs."""
        stack = self.aws.stacks.describe_stacks(StackName=self.name)["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def failures(self) -> str:
        """Return why resources failed."""
        events = self.aws.stacks.describe_stack_events(StackName=self.name)["StackEvents"]
        return " ".join(
            event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"].endswith("_FAILED")
        )

    def delete(self) -> None:
        """Delete the stack and wait for that."""
        self.aws.stacks.delete_stack(StackName=self.name)
        wait_until(lambda: self.status() in {"", "DELETE_COMPLETE"}, f"stack is {self.status()}")


@contextmanager
def new_stack(aws: LocalAws) -> Iterator[Stack]:
    """Yield a stack that is deleted in the end."""
    stack = Stack(aws)
    try:
        yield stack
    finally:
        if stack.status():
            stack.delete()
