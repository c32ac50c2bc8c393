"""A Django project under gunicorn that reads its secrets with the application's role."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]

SETTINGS = """
from core.secrets import SecretsManager

SECRET_KEY = "only-for-this-test"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "config.urls"
INSTALLED_APPS = ["core", "alees_secrets.django"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {{
    "default": {{
        "ENGINE": "alees_secrets.django.postgresql",
        "OPTIONS": {{"sslmode": "verify-full", "sslrootcert": {authority!r}, **{options!r}}},
    }}
}}
LOGGING = {{
    "version": 1,
    "handlers": {{"console": {{"class": "logging.StreamHandler"}}}},
    "loggers": {{"django.request": {{"handlers": ["console"], "level": "ERROR"}}}},
}}
SecretsManager().preload(["database/credentials"])
"""

URLS = """
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from core.models import Invoice


@transaction.atomic
def paid(request):
    invoice = Invoice.objects.create()
    Invoice.objects.filter(pk=invoice.pk).delete()
    return HttpResponse("paid")


def slow(request):
    with connection.cursor() as cursor:
        login = connection.connection.info.user
        try:
            cursor.execute("SELECT session_user FROM pg_sleep(0.2)")
        except OperationalError:
            return HttpResponse("lost " + login, status=503)
        return HttpResponse(cursor.fetchone()[0])


def endless(request):
    def work():
        with connection.cursor() as cursor:
            login = connection.connection.info.user
            yield login + "\\n"
            try:
                cursor.execute("SELECT pg_sleep(600)")
            except OperationalError:
                yield "lost " + login

    return StreamingHttpResponse(work())


urlpatterns = [path("paid", paid), path("slow", slow), path("endless", endless)]
"""

MIGRATION = """
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Invoice", [("id", models.BigAutoField(primary_key=True))])]
"""

FILES = {
    "config/__init__.py": "",
    "config/urls.py": URLS,
    "config/settings/__init__.py": "",
    "config/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\napplication = get_wsgi_application()\n",
    "core/__init__.py": "",
    "core/apps.py": "from django.apps import AppConfig\n\n\nclass CoreConfig(AppConfig):\n    name = 'core'\n",
    "core/models.py": "from django.db import models\n\n\nclass Invoice(models.Model):\n    pass\n",
    "core/secrets.py": "from alees_secrets import *  # noqa: F403\n",
    "core/migrations/__init__.py": "",
    "core/migrations/0001_first.py": MIGRATION,
}


@dataclass(frozen=True)
class DjangoSite:
    """A project with its own packages ``config`` and ``core``.

    Attributes:
        folder: Its files, and beside them what installing the wheel puts into site-packages.
        environment: What its processes find in their environment.
    """

    folder: Path
    environment: Mapping[str, str]

    @classmethod
    def make(
        cls,
        folder: Path,
        environment: Mapping[str, str],
        *,
        authority: Path,
        options: Mapping[str, object],
    ) -> "DjangoSite":
        """Write the project; *options* go into OPTIONS of its database."""
        settings = SETTINGS.format(authority=str(authority), options=dict(options))
        for name, text in {**FILES, "config/settings/prod.py": settings}.items():
            path = folder / "project" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (folder / "site").mkdir()
        (folder / "site" / "alees_secrets").symlink_to(PROJECT / "alees_secrets", target_is_directory=True)
        paths = os.pathsep.join(str(folder / each) for each in ("project", "site"))
        own = {"DJANGO_SETTINGS_MODULE": "config.settings.prod", "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}
        return cls(folder, {**environment, **own})

    def manage(self, *command: str) -> str:
        """Run a management command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "django", *command],
            cwd=self.folder / "project",
            env=dict(self.environment),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    @contextmanager
    def served(self, *, workers: int = 2, threads: int = 4) -> Iterator[str]:
        """Serve it under gunicorn, and end that with the context; the URL is that of its root."""
        with socket.create_server(("127.0.0.1", 0)) as listening, self.log.open("w") as log:
            port = listening.getsockname()[1]
            command = ["-m", "gunicorn", "--bind", f"fd://{listening.fileno()}", "--no-control-socket"]
            gunicorn = subprocess.Popen(
                [sys.executable, *command, "--workers", str(workers), "--threads", str(threads), "config.wsgi"],
                cwd=self.folder / "project",
                env=dict(self.environment),
                stderr=log,
                pass_fds=[listening.fileno()],
            )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            gunicorn.terminate()
            gunicorn.wait(30)

    @property
    def log(self) -> Path:
        """What gunicorn and Django wrote."""
        return self.folder / "gunicorn.log"
