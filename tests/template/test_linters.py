"""checkov and parliament find nothing that is not accepted on one resource with a reason; and they do find things."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from config.environments import dev, prod
from tests.template.iam.evaluation import Statement
from tests.template.iam.world import build_world
from tests.template.reading import Template

PROJECT = Path(__file__).parents[2]
LINTERS = PROJECT / ".venv-linters" / "bin"
ACCEPTED: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "accepted_findings.json").read_text(encoding="utf-8")
)
"""Linter to finding, with its one resource or role, to reason."""

BAD_TEMPLATE = {"Resources": {"Open": {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}}}}
BAD_POLICY = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValues", "Resource": "*"}


def _run(linter: str, *arguments: str) -> str:
    if not (LINTERS / linter).exists():
        pytest.fail(f"{LINTERS.parent.name} is not set up; run: make {LINTERS.parent.name}/.ready")
    done = subprocess.run([str(LINTERS / linter), *arguments], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkov(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What checkov finds in Prod's stacks, its account's, and a bad one."""
    folder = tmp_path_factory.mktemp("checkov")
    for file in [*assembly.glob("AleesSecretsProd*.template.json"), assembly / _account()]:
        shutil.copy(file, folder)
    (folder / "Bad.template.json").write_text(json.dumps(BAD_TEMPLATE), encoding="utf-8")
    options = ("--framework", "cloudformation", "--quiet", "--compact", "--skip-download", "--output", "json")
    report: dict[str, Any] = json.loads(_run("checkov", "--directory", str(folder), *options))
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 100
    return {f"{each['check_id']} {each['resource'].rpartition('.')[2]}" for each in report["results"]["failed_checks"]}


def _account() -> str:
    return f"{prod().account.stack_id}.template.json"


@pytest.fixture(scope="module")
def parliament(templates: Mapping[str, Template], tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What parliament finds in the policies of the roles and users of Prod and Dev, their boundaries, and a bad one."""
    folder = tmp_path_factory.mktemp("parliament")
    documents: dict[str, list[Statement]] = {}
    for world in (build_world(prod(), templates), build_world(dev(), templates)):
        for name, principal in world.principals.items():
            documents[name] = principal.own
            documents[principal.boundary_name] = principal.boundary
    for name, statements in {**documents, "bad": [BAD_POLICY]}.items():
        text = json.dumps({"Version": "2012-10-17", "Statement": statements})
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    printed = _run("parliament", "--directory", str(folder), "--include_policy_extension", "json", "--json")
    return {_parliament_finding(json.loads(line)) for line in printed.splitlines()}


def _parliament_finding(finding: Mapping[str, Any]) -> str:
    """Return issue, policy and what it is about, without the action of a condition: it is the same for all."""
    name, detail = Path(str(finding["location"]["filepath"])).stem, finding["detail"]
    text = ", ".join(map(str, detail)) if isinstance(detail, list) else str(detail)
    return f"{finding['issue']} {name}: {text.partition(' for action ')[0]}"


def test_checkov_finds_nothing_that_is_not_accepted(checkov: set[str]) -> None:
    assert {each for each in checkov if not each.endswith(" Open")} == set(ACCEPTED["checkov"])


def test_parliament_finds_nothing_that_is_not_accepted(parliament: set[str]) -> None:
    assert {each for each in parliament if " bad: " not in each} == set(ACCEPTED["parliament"])


def test_both_find_what_is_bad(checkov: set[str], parliament: set[str]) -> None:
    assert {"CKV_AWS_20 Open", "CKV_AWS_53 Open"} <= checkov
    assert any(each.startswith("UNKNOWN_ACTION bad: ") for each in parliament)


def test_every_accepted_finding_has_a_reason() -> None:
    assert all(len(reason) > 20 for reasons in ACCEPTED.values() for reason in reasons.values())
