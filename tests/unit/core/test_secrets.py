import hashlib
import json
import re
from pathlib import Path

import pytest

import alees_secrets
from core import secrets
from tests.fakes.canary import CANARY
from tests.unit.core.django_project import CORE_APP, DjangoProject

STORED = {"username": "alees_app_a", "password": CANARY, "host": "db.example.com", "port": 5433, "dbname": "alees"}

OWN_CORE = {"__init__.py": "", "apps.py": CORE_APP}

SHOW = """
import hashlib, json
from django.conf import settings
database = dict(settings.DATABASES["default"])
database["PASSWORD"] = hashlib.sha256(database["PASSWORD"].encode()).hexdigest()
print(json.dumps(database))
"""

EXPECTED = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "alees",
    "USER": "alees_app_a",
    "PASSWORD": hashlib.sha256(CANARY.encode()).hexdigest(),
    "HOST": "db.example.com",
    "PORT": 5433,
}


def _documented_line() -> str:
    """Return the line that the alias tells applications to add."""
    lines = re.findall(r"^    (from alees_secrets import .*)$", secrets.__doc__ or "", re.MULTILINE)
    assert len(lines) == 1
    return f"{lines[0]}\n"


def test_public_names_are_the_clients_when_imported_by_the_alias() -> None:
    assert secrets.__all__ == alees_secrets.__all__
    assert all(getattr(secrets, name) is getattr(alees_secrets, name) for name in alees_secrets.__all__)


@pytest.mark.parametrize("own_core", [True, False], ids=["own-core", "no-core"])
def test_settings_hold_the_secret_and_output_does_not_when_django_starts(tmp_path: Path, *, own_core: bool) -> None:
    core = {**OWN_CORE, "secrets.py": _documented_line()} if own_core else None
    done = DjangoProject.make(tmp_path, core).manage("shell", "--no-imports", "-c", SHOW, stored=json.dumps(STORED))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize("engine", [True, False], ids=["engine", "static"])
def test_diffsettings_prints_the_value_when_settings_are_static_alone(tmp_path: Path, *, engine: bool) -> None:
    project = DjangoProject.make(tmp_path, None)
    if engine:
        with (tmp_path / "project" / "config" / "settings" / "prod.py").open("a") as settings:
            settings.write(
                "DB_CREDS = db_creds\nDATABASES = {'default': {'ENGINE': 'alees_secrets.django.postgresql'}}\n"
            )
    done = project.manage("diffsettings", "--all", stored=json.dumps(STORED))
    assert done.returncode == 0, done.stderr
    assert (CANARY in done.stdout) is not engine
    assert ("values hidden" in done.stdout) is engine


def test_import_fails_when_own_core_lacks_the_documented_line(tmp_path: Path) -> None:
    done = DjangoProject.make(tmp_path, OWN_CORE).manage("check", stored=json.dumps(STORED))
    assert done.returncode != 0
    assert "No module named 'core.secrets'" in done.stderr


def test_damage_is_told_and_no_value_shown_when_django_starts(tmp_path: Path) -> None:
    damaged = {name: value for name, value in STORED.items() if name != "port"}
    done = DjangoProject.make(tmp_path, None).manage("check", stored=json.dumps(damaged))
    assert done.returncode != 0
    assert "not a valid database secret: port is missing" in done.stderr
    assert CANARY not in done.stdout + done.stderr
