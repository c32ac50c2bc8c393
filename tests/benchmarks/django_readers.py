"""Django's connections and plain ones while a database's login is rotated over and over in the same process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import django
from django.conf import settings
from django.db.utils import ConnectionHandler

from alees_secrets import CachePolicy, SecretsManager
from alees_secrets.naming import SecretName
from alees_secrets.shared import using
from alees_secrets.stages import VersionStage
from alees_secrets.testing.using import SETTINGS
from tests.benchmarks.measuring import show
from tests.fakes.postgres import Server, running_server
from tests.fakes.rotations import Rotations, new_rotations
from tests.fakes.store_source import StoreSource

NAME = SecretName(environment=SETTINGS.environment, path="database/credentials")


@dataclass
class Attempts:
    """What one sort of reader tried, how often it failed, and how often it was over."""

    attempts: int = 0
    failures: int = 0
    ended: int = 0


def configure_django() -> None:
    """Set Django up once for the process."""
    if not settings.configured:
        settings.configure(
            SECRET_KEY="only-for-this-test",
            INSTALLED_APPS=["alees_secrets.django"],
            LOGGING_CONFIG=None,
            ROOT_URLCONF="tests.unit.alees_secrets.django.urls",
            USE_TZ=True,
        )
        django.setup()


def readers_during(server: Server, rotations: int) -> dict[str, Attempts]:
    """Log in without a pause during so many rotations: uncached, and with a value that is kept for 5 s.

    Each rotation waits until every reader has ended an attempt since the one before, so that no attempt sees two of
    them: on a busy machine a thread may stand still for longer than both take, and the login that it has read is gone.
    """
    configure_django()
    with new_rotations(server) as made:
        made.rotate()
        made.rotate()
        source = StoreSource(made.store)
        connections = ConnectionHandler({"default": _entry(made)})
        # The static settings of the customer's example: what the process began with, for comparison.
        first = made.store.current()
        readers = {
            "uncached": lambda: made.login(dict(source.read(NAME, VersionStage.CURRENT).fields)).close(),
            "cached for 5 s": lambda: _connect(connections["default"]),
            "static": lambda: made.login(first).close(),
        }
        with using(SecretsManager(SETTINGS, source=source, policy=CachePolicy(ttl_seconds=5))):
            SecretsManager().preload([NAME.path])
            with _running(readers) as counted:
                for _ in range(rotations):
                    made.rotate()
                    _wait_for_each(counted)
        return counted


def _wait_for_each(counted: dict[str, Attempts]) -> None:
    """Return when every reader has ended one more attempt."""
    before = {name: each.ended for name, each in counted.items()}
    while any(each.ended == before[name] for name, each in counted.items()):
        time.sleep(0.001)


def _entry(made: Rotations) -> dict[str, Any]:
    options = {"sslmode": "verify-full", "sslrootcert": str(made.settings.certificate_authority)}
    return {"ENGINE": "alees_secrets.django.postgresql", "OPTIONS": options}


def _connect(connection: Any) -> None:
    connection.ensure_connection()
    connection.close()


@contextmanager
def _running(readers: dict[str, Callable[[], None]]) -> Iterator[dict[str, Attempts]]:
    counted, over = {name: Attempts() for name in readers}, threading.Event()

    def run(name: str) -> None:
        while not over.is_set():
            counted[name].attempts += 1
            try:
                readers[name]()
            except Exception:  # noqa: BLE001 - whatever it is, it is a failure
                counted[name].failures += 1
            counted[name].ended += 1

    threads = [threading.Thread(target=run, args=[name]) for name in readers]
    for thread in threads:
        thread.start()
    try:
        yield counted
    finally:
        over.set()
        for thread in threads:
            thread.join()


def django_readers() -> None:
    """Show how many logins fail during a hundred rotations in process."""
    with running_server() as server:
        for name, counted in readers_during(server, 100).items():
            show(f"logins refused during 100 rotations, {name}", f"{counted.failures} of {counted.attempts}")


if __name__ == "__main__":
    django_readers()
