"""A Django project like the ERP's, in a folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]

MANAGE = """
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
execute_from_command_line(sys.argv)
"""

BASE_SETTINGS = """
SECRET_KEY = "local"
INSTALLED_APPS = {apps!r}
"""

# After the first line, word for word what the customer's document shows.
PROD_SETTINGS = """
from config.settings.base import *
from core.secrets import SecretsManager

secrets_manager = SecretsManager()

# Load database credentials
db_creds = secrets_manager.get_secret('database/credentials')
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.postgresql',
        'NAME': db_creds['dbname'],
        'USER': db_creds['username'],
        'PASSWORD': db_creds['password'],
        'HOST': db_creds['host'],
        'PORT': db_creds['port'],
    }
}
"""

CORE_APP = """
from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
"""


@dataclass(frozen=True)
class DjangoProject:
    """A project with ``config/settings/prod.py`` as the customer's document has it.

    Attributes:
        folder: Its files, and beside them what installing the wheel puts into site-packages.
    """

    folder: Path

    @classmethod
    def make(cls, folder: Path, core: dict[str, str] | None) -> "DjangoProject":
        """Write the project; *core* holds the files of its own package ``core``, None if it has none."""
        files = {
            "manage.py": MANAGE,
            "config/__init__.py": "",
            "config/settings/__init__.py": "",
            "config/settings/base.py": BASE_SETTINGS.format(apps=["core"] if core else []),
            "config/settings/prod.py": PROD_SETTINGS,
        }
        files |= {f"core/{name}": text for name, text in (core or {}).items()}
        for name, text in files.items():
            path = folder / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / "site" / "core").mkdir(parents=True)
        for package in ("alees_secrets", "core/secrets"):
            (folder / "site" / package).symlink_to(CHECKOUT / package, target_is_directory=True)
        return cls(folder)

    def manage(self, *command: str, stored: str) -> "subprocess.CompletedProcess[str]":
        """Run a management command while AWS holds *stored* as the value of the database secret."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ALEES_"))}
        environment |= {
            "PYTHONPATH": str(self.folder / "site"),
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": "eu-central-1",
            "AWS_SECRETS_PREFIX": "alees/",
            "ALEES_ENVIRONMENT": "prod",
            "STORED_VALUE": stored,
        }
        return subprocess.run(
            [sys.executable, str(Path(__file__).with_name("in_moto.py")), *command],
            cwd=self.folder / "project",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
