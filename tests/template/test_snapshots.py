"""What a change does to the templates, for a reviewer to see; what must hold is said by the other tests.

``make snapshots`` writes them anew.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from config.environments import declared
from tests.template.reading import Template

SNAPSHOTS = Path(__file__).parent / "snapshots"
KEPT = {"AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::S3::Bucket", "AWS::CloudTrail::Trail"}
STACKS = [
    "AleesSecretsLocal",
    "AleesSecretsAccount000000000000",
    *(
        name
        for environment in declared()
        for name in (
            environment.account.stack_id,
            environment.stack_name,
            f"{environment.stack_name}Recovery",
            *(f"{environment.stack_name}Api{shard:02}" for shard in environment.shards),
        )
    ),
]


def _masked(template: Template) -> str:
    """Return *template* as text without the digests of assets, which change with every line of code."""
    return re.sub(r"[0-9a-f]{64}", "ASSET", json.dumps(template, indent=1, sort_keys=True)) + "\n"


@pytest.mark.parametrize("stack", STACKS)
def test_the_template_is_the_one_that_was_reviewed(templates: dict[str, Template], stack: str) -> None:
    snapshot = SNAPSHOTS / f"{stack}.json"
    if os.environ.get("ALEES_WRITE_SNAPSHOTS"):
        _write(snapshot, templates[stack])

    assert _masked(templates[stack]) == snapshot.read_text(encoding="utf-8"), "after a review: make snapshots"


def _write(snapshot: Path, template: Template) -> None:
    """Write a snapshot, unless that would hide that what holds data is replaced: then a person deletes the file first.

    Otherwise the test below would compare the template with itself.
    """
    if snapshot.exists():
        replaced = _replaced(json.loads(snapshot.read_text(encoding="utf-8")), template)
        assert replaced == [], f"replaced, or gone from the stack; if that is meant, delete {snapshot.name} first"
    snapshot.write_text(_masked(template), encoding="utf-8")


def test_there_is_a_snapshot_for_each_stack_and_no_other() -> None:
    assert sorted(file.stem for file in SNAPSHOTS.glob("*.json")) == sorted(STACKS)


def _replaced(before: Template, after: Template) -> list[str]:
    """Return the stateful resources of *before* that CloudFormation would replace or take away for *after*."""
    found = []
    for name, old in before["Resources"].items():
        if old["Type"] in KEPT:
            new = after["Resources"].get(name)
            if new is None or new["Type"] != old["Type"] or _fixed(new) != _fixed(old):
                found.append(name)
    return found


def _fixed(resource: dict[str, Any]) -> dict[str, Any]:
    """Return the properties that cannot change without a replacement, as CloudFormation's schema says."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource["Type"]).schema
    names = {pointer.removeprefix("/properties/").split("/")[0] for pointer in schema.get("createOnlyProperties", [])}
    return {name: value for name, value in resource.get("Properties", {}).items() if name in names}


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_that_holds_data_would_be_replaced(templates: dict[str, Template], stack: str) -> None:
    reviewed = json.loads((SNAPSHOTS / f"{stack}.json").read_text(encoding="utf-8"))

    assert _replaced(reviewed, templates[stack]) == []


@pytest.mark.parametrize(
    ("stack", "old", "new", "replaced"),
    [
        ("AleesSecretsProd", "alees/prod/jwt/credentials", "alees/prod/jwt/key", ["JwtSecret4F1985F3"]),
        ("AleesSecretsProd", "DatabaseKey7998E78F", "DatabaseKey00000000", ["DatabaseKey7998E78F"]),
        ("AleesSecretsProdRecovery", "alees-prod-backups-", "alees-prod-copies-", ["VaultBackupsB15F3F0C"]),
        ("AleesSecretsAccount111122223333", '"alees-secrets"', '"alees"', ["Trail8987F129"]),
    ],
)
def test_a_replacement_is_found_when_one_is_planted(
    templates: dict[str, Template], stack: str, old: str, new: str, replaced: list[str]
) -> None:
    text = json.dumps(templates[stack])
    assert old in text

    assert _replaced(templates[stack], json.loads(text.replace(old, new))) == replaced


def test_the_snapshot_is_not_written_when_that_would_hide_a_replacement(
    templates: dict[str, Template], tmp_path: Path
) -> None:
    snapshot, template = tmp_path / "stack.json", templates["AleesSecretsProd"]
    _write(snapshot, template)
    moved = json.loads(json.dumps(template).replace("alees/prod/jwt/credentials", "alees/prod/jwt/key"))

    with pytest.raises(AssertionError, match="if that is meant, delete stack.json first"):
        _write(snapshot, moved)

    assert snapshot.read_text(encoding="utf-8") == _masked(template)
    snapshot.unlink()
    _write(snapshot, moved)
    assert snapshot.read_text(encoding="utf-8") == _masked(moved)
