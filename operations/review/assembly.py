"""The stacks of a cloud assembly, the folder that a synthesis makes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Template = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """One stack of an assembly.

    Attributes:
        id: Its id in the app, such as ``AleesSecretsAccount111122223333``.
        name: What it is called in its account, such as ``AleesSecretsAccount``.
        target: Where it goes, such as ``aws://111122223333/eu-central-1``.
        template_file: Its template.
    """

    id: str
    name: str
    target: str
    template_file: Path

    @property
    def account(self) -> str | None:
        """Return the account number; None when the credentials at deploy time decide."""
        account = self.target.removeprefix("aws://").split("/")[0]
        return account if account.isdecimal() else None

    @property
    def region(self) -> str:
        """Return the region."""
        return self.target.rsplit("/", 1)[1]

    def read_template(self) -> Template:
        """Return the template."""
        template: Template = json.loads(self.template_file.read_text(encoding="utf-8"))
        return template

    def count_resources(self) -> int:
        """Return how many resources the template declares."""
        return len(self.read_template()["Resources"])


def read_stacks(assembly: Path) -> tuple[Stack, ...]:
    """Return the stacks of *assembly* in the order in which they deploy."""
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    return tuple(
        Stack(
            id=stack_id,
            name=artifact["properties"].get("stackName", stack_id),
            target=artifact["environment"],
            template_file=assembly / artifact["properties"]["templateFile"],
        )
        for stack_id, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    )
