"""Templates, synthesized once for the session."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks

import app
from config.environment import CodePlatform
from config.environments import declared
from local_cloud.postgres.certificates import make_server_certificate
from stacks.deployment import add_stacks
from tests.unit.config.test_local import CLOUD

Template = dict[str, Any]


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of every declared environment and of Local, in one app, checked by four packs of cdk-nag."""
    certificates = tmp_path_factory.mktemp("certificates") / "ca.pem"
    certificates.write_bytes(make_server_certificate().authority)
    local = replace(CLOUD, certificate_authority=str(certificates), provider_authority=str(certificates)).environment()
    assert local.code_platform is CodePlatform.THIS_MACHINE
    out = tmp_path_factory.mktemp("cdk")
    built = App(outdir=str(out))
    add_stacks(built, (*declared(), local))
    app.check_with(built, AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks, HIPAASecurityChecks)
    built.synth()
    return out


@pytest.fixture(scope="session")
def templates(assembly: Path) -> dict[str, Template]:
    """Every template by the id of its stack."""
    return {
        file.name.removesuffix(".template.json"): json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(assembly.glob("*.template.json"))
    }


@pytest.fixture(scope="session")
def prod(templates: dict[str, Template]) -> Template:
    """Prod's template of secrets."""
    return templates["AleesSecretsProd"]


@pytest.fixture(scope="session")
def local(templates: dict[str, Template]) -> Template:
    """Local's template of secrets."""
    return templates["AleesSecretsLocal"]
