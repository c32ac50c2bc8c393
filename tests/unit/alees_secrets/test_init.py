import subprocess
import sys
from pathlib import Path

import pytest

import alees_secrets
from alees_secrets import errors

CHECKOUT = Path(__file__).parents[3]

PROGRAM = """
import sys
import {module}
print(sorted(name for name in ("boto3", "botocore", "django") if name in sys.modules))
"""


def _imported_by(module: str) -> str:
    """Return which of the large libraries a new process has after importing *module*."""
    program = PROGRAM.format(module=module)
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["alees_secrets", "alees_secrets.source", "core.secrets"])
def test_no_boto3_is_imported_when_package_is(module: str) -> None:
    assert _imported_by(module) == "[]"


def test_boto_is_seen_when_imported() -> None:
    assert _imported_by("alees_secrets.aws_errors") == "['botocore']"


def test_public_names_are_these_when_imported() -> None:
    raised = {name for name, each in vars(errors).items() if isinstance(each, type)}
    calls = {"AwsSecretSource", "CachePolicy", "SecretSource", "SecretsManager", "Settings"}
    values = {"JwtKey", "RotationPhase", "SecretFields", "SecretVersion", "VersionStage"}
    assert set(alees_secrets.__all__) == raised | calls | values


def test_public_names_exist_when_listed() -> None:
    assert all(hasattr(alees_secrets, name) for name in alees_secrets.__all__)
