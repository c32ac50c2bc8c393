"""cdk-nag: AwsSolutions, NIST 800-53, PCI DSS and HIPAA find nothing that is not accepted; and they do find things."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_s3 as s3
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

import app
from tests.template.reading import Template

PACKS = ["AwsSolutions", "HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321"]


def _reports(out: Path) -> dict[str, dict[str, Any]]:
    report = json.loads((out / "validation-report.json").read_text(encoding="utf-8"))
    return {str(each["pluginName"]): each for each in report["pluginReports"]}


def _violations(report: dict[str, Any]) -> list[str]:
    return [violation["ruleName"] for violation in report["violations"]]


def test_no_pack_finds_anything_that_is_not_accepted(assembly: Path) -> None:
    reports = _reports(assembly)

    assert sorted(reports) == PACKS
    assert {name: _violations(report) for name, report in reports.items()} == {name: [] for name in PACKS}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The reports on a bucket that anybody may reach without TLS."""
    out = tmp_path_factory.mktemp("bad")
    built = App(outdir=str(out))
    s3.Bucket(Stack(built, "Bad"), "Open")
    app.check_with(built, AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, HIPAASecurityChecks)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        built.synth()
    return _reports(out)


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_finds_a_bucket_that_is_open(bad: dict[str, dict[str, Any]], pack: str) -> None:
    assert any("S10" in rule or "S3BucketSSLRequestsOnly" in rule for rule in _violations(bad[pack]))


def test_every_accepted_finding_sits_on_one_resource_with_a_reason(
    assembly: Path, templates: dict[str, Template]
) -> None:
    accepted = [
        (path, entry["data"])
        for stack in templates
        for path, entries in json.loads((assembly / f"{stack}.metadata.json").read_text(encoding="utf-8")).items()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
    ]

    assert accepted
    for path, rules in accepted:
        assert path.endswith("/Resource")
        assert all(len(reason) > 20 for reason in rules.values())
