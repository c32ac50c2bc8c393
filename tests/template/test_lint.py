"""cfn-lint: the schemas of CloudFormation."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]


def _lint(*templates: Path) -> list[dict[str, Any]]:
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--format", "json", *map(str, templates)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr  # it prints [] when it finds nothing, and nothing when it did not get that far
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_nothing_is_found_in_any_template(assembly: Path) -> None:
    templates = sorted(assembly.glob("*.template.json"))

    assert templates
    assert [each["Message"] for each in _lint(*templates)] == []


def test_a_property_that_does_not_exist_is_found(tmp_path: Path) -> None:
    bad = tmp_path / "bad.template.json"
    bad.write_text('{"Resources": {"Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableRotation": true}}}}')

    assert any("EnableRotation" in each["Message"] for each in _lint(bad))
