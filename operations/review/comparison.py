"""Compare the stacks of an assembly with their templates as they were."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from operations.review.assembly import Stack, Template, read_stacks
from operations.review.cdk import diff_with_template
from operations.review.legible import legible_copy, legible_diff, legible_statements, legible_template


def compare(project: Path, before: Mapping[str, Template], assembly: Path) -> str:
    """Return how the stacks of *assembly* differ from what they were, as text for people.

    Args:
        project: The checkout, for its CDK CLI.
        before: Templates by the id of their stack.
        assembly: Made by a synthesis.

    Raises:
        OperationError: The CDK CLI fails.
    """
    with tempfile.TemporaryDirectory(prefix="alees-diff-") as folder:
        legible = legible_copy(assembly, Path(folder) / "assembly")
        stacks = read_stacks(legible)
        gone = before.keys() - {stack.id for stack in stacks}
        told = [f"Stack {name} is gone; what is deployed of it stays until: cdk destroy" for name in sorted(gone)]
        for stack in stacks:
            told.extend(_compare_stack(project, legible, stack, before.get(stack.id)))
    return "\n".join(told) or f"No differences in {', '.join(stack.id for stack in stacks)}"


def _compare_stack(project: Path, legible: Path, stack: Stack, before: Template | None) -> Iterator[str]:
    after = stack.read_template()
    old = {**after, "Resources": {}} if before is None else legible_template(before)
    if old == after:
        return
    template_file = legible / f"{stack.id}.before.json"
    template_file.write_text(json.dumps(old), encoding="utf-8")
    printed = legible_diff(diff_with_template(project, legible, stack.id, template_file))
    yield printed if before is not None else printed.replace(f"Stack {stack.id}", f"Stack {stack.id} is new", 1)
    for name, resource in after["Resources"].items():
        if name not in old["Resources"]:
            yield from (f"[+] {name}: {statement}" for statement in legible_statements(resource))
