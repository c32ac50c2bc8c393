"""Django's own migrations, before and after a rotation."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parents[2]

SETTINGS = """
from core.secrets import SecretsManager

SECRET_KEY = "only-for-this-test"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "invoices"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

secrets_manager = SecretsManager()
db_creds = secrets_manager.get_secret("database/credentials")
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": db_creds["dbname"],
        "USER": db_creds["username"],
        "PASSWORD": db_creds["password"],
        "HOST": db_creds["host"],
        "PORT": db_creds["port"],
        "OPTIONS": {"sslmode": "verify-full", "sslrootcert": %r},
    }
}
"""

FIRST = """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Invoice", [("id", models.BigAutoField(primary_key=True))])]
"""

SECOND = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_first")]
    operations = [
        migrations.AddField("Invoice", "paid", models.BooleanField(default=False)),
        migrations.RunSQL("INSERT INTO invoices_invoice (paid) VALUES (true)"),
    ]
"""


@pytest.fixture
def project(deployed: Deployment, tmp_path: Path) -> Path:
    """A Django project whose settings are the customer's example, with one application."""
    authority = str(deployed.environment.database.certificate_authority)
    migrations = tmp_path / "invoices" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / "settings.py").write_text(SETTINGS % authority)
    (tmp_path / "invoices" / "__init__.py").write_text("")
    (migrations / "__init__.py").write_text("")
    (migrations / "0001_first.py").write_text(FIRST)
    return tmp_path


def _manage(deployed: Deployment, project: Path, *arguments: str) -> str:
    description = deployed.cloud.description
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": description.endpoint_url,
        "AWS_REGION": description.region,
        "AWS_ACCESS_KEY_ID": description.account,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SECRETS_PREFIX": "alees/local/",
        "DJANGO_SETTINGS_MODULE": "settings",
        "PYTHONPATH": os.pathsep.join([str(project), str(PROJECT)]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_migrations_go_on_when_the_login_was_rotated_between_them(deployed: Deployment, project: Path) -> None:
    before = deployed.value()["username"]
    assert "Applying invoices.0001_first... OK" in _manage(deployed, project, "migrate")

    deployed.rotate("database/credentials")
    (project / "invoices" / "migrations" / "0002_second.py").write_text(SECOND)

    assert "Applying invoices.0002_second... OK" in _manage(deployed, project, "migrate")
    assert deployed.value()["username"] != before
    with deployed.login(deployed.value()) as connection:
        assert connection.execute("SELECT paid FROM invoices_invoice").fetchall() == [(True,)]


def test_no_value_is_printed_when_django_shows_its_settings(deployed: Deployment, project: Path) -> None:
    password = json.dumps(deployed.value()["password"]).strip('"')

    printed = _manage(deployed, project, "shell", "--command", "from settings import db_creds; print(db_creds)")

    assert "<SecretFields: " in printed
    assert password not in printed
