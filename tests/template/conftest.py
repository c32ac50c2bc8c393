"""Templates, synthesized once for the session."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

import app
from config.environment import CodePlatform
from config.environments import declared
from config.local import LocalCloud
from local_cloud.postgres.certificates import make_server_certificate

Template = dict[str, Any]


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of every declared environment and of Local, in one app."""
    certificates = tmp_path_factory.mktemp("certificates") / "ca.pem"
    certificates.write_bytes(make_server_certificate().authority)
    local = LocalCloud(
        endpoint_url="http://127.0.0.1:4566",
        account="000000000000",
        region="eu-central-1",
        database_host="127.0.0.1",
        database_port=54320,
        database_name="alees",
        admin_secret="alees-local-database-admin",
        certificate_authority=str(certificates),
    ).environment()
    assert local.code_platform is CodePlatform.THIS_MACHINE
    out = tmp_path_factory.mktemp("cdk")
    built = App(outdir=str(out))
    app.build(built, (*declared(), local))
    built.synth()
    return out


@pytest.fixture(scope="session")
def prod(assembly: Path) -> Template:
    """Prod's template of secrets."""
    return _template(assembly, "AleesSecretsProd")


@pytest.fixture(scope="session")
def local(assembly: Path) -> Template:
    """Local's template of secrets."""
    return _template(assembly, "AleesSecretsLocal")


def _template(assembly: Path, stack: str) -> Template:
    template: Template = json.loads((assembly / f"{stack}.template.json").read_text(encoding="utf-8"))
    return template
