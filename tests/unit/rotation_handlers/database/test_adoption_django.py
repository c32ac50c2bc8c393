"""Django's migrations: by the former role before adoption, by each login after it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.former import PASSWORD, Former

pytestmark = pytest.mark.servers

SETTINGS = """
import os

SECRET_KEY = "only-for-this-test"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "invoices"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["TEST_NAME"],
        "USER": os.environ["TEST_USER"],
        "PASSWORD": os.environ["TEST_PASSWORD"],
        "HOST": os.environ["TEST_HOST"],
        "PORT": os.environ["TEST_PORT"],
        "OPTIONS": {"sslmode": "verify-full", "sslrootcert": os.environ["TEST_AUTHORITY"]},
    }
}
"""

FIRST = """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Invoice", [("id", models.BigAutoField(primary_key=True))])]
"""

NEXT = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("invoices", "{before}")]
    operations = [
        migrations.AddField("Invoice", "{field}", models.BooleanField(null=True, db_index=True)),
        migrations.CreateModel("{field}", [("invoice", models.ForeignKey("invoices.Invoice", models.CASCADE))]),
        migrations.RunSQL("INSERT INTO invoices_invoice ({field}) VALUES (true)"),
    ]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A Django project with one application and its first migration."""
    migrations = tmp_path / "invoices" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "invoices" / "__init__.py").write_text("")
    (migrations / "__init__.py").write_text("")
    (migrations / "0001_first.py").write_text(FIRST)
    return tmp_path


def _migrate(former: Former, project: Path, fields: Mapping[str, Any]) -> str:
    settings = former.rotations.settings
    environment = {
        **os.environ,
        "TEST_NAME": settings.name,
        "TEST_USER": fields["username"],
        "TEST_PASSWORD": fields["password"],
        "TEST_HOST": settings.host,
        "TEST_PORT": str(settings.port),
        "TEST_AUTHORITY": str(settings.certificate_authority),
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": str(project),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_migrations_go_on_with_each_login_when_the_former_role_was_adopted(former: Former, project: Path) -> None:
    with former.connect() as connection:
        if connection.info.server_version < 140000:
            pytest.skip("Django 5.2 itself needs PostgreSQL 14")
    printed = _migrate(former, project, {"username": former.role, "password": PASSWORD})
    assert "Applying invoices.0001_first... OK" in printed

    former.adopt()

    before = "0001_first"
    for number, field in ((2, "paid"), (3, "sent")):
        name = f"000{number}_{field}"
        (project / "invoices" / "migrations" / f"{name}.py").write_text(NEXT.format(before=before, field=field))
        assert f"Applying invoices.{name}... OK" in _migrate(former, project, former.rotations.rotate())
        before = name
    assert former.adopt() == []
