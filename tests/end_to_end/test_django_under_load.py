"""A Django project under gunicorn while its database's login is rotated and revoked.

ALEES_LOAD_ROTATIONS says how many rotations there are, 3 by default; `pytest -s` shows the figures.
"""

import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.client import HTTPResponse

import pytest

from tests.end_to_end.by_hand import DATABASE, WHY, answer
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.django_site import DjangoSite
from tests.end_to_end.identities import application_environment
from tests.end_to_end.load import Load, under_load

pytestmark = pytest.mark.servers

ROTATIONS = int(os.environ.get("ALEES_LOAD_ROTATIONS", "3"))
POOL = {"pool": {"min_size": 2, "max_size": 4, "timeout": 10}}
OPTIONS = pytest.mark.parametrize("options", [{}, POOL], ids=["without-pool", "with-pool"])

Serve = Callable[[dict[str, object]], tuple[DjangoSite, str]]


@pytest.fixture(scope="module")
def serve(deployments: dict[str, Deployment], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve a project with OPTIONS for its database; each is started once. Its table is dropped in the end."""
    deployed, served = deployments["Local"], dict[str, tuple[DjangoSite, str]]()
    authority = deployed.environment.database.certificate_authority
    assert authority is not None
    with ExitStack() as ends:

        def started(options: dict[str, object]) -> tuple[DjangoSite, str]:
            if repr(options) not in served:
                folder = tmp_path_factory.mktemp("site")
                site = DjangoSite.make(folder, application_environment(deployed), authority=authority, options=options)
                site.manage("migrate")
                served[repr(options)] = site, ends.enter_context(site.served())
            return served[repr(options)]

        yield started
    for site, _ in list(served.values())[:1]:
        site.manage("migrate", "core", "zero")


def _wait_for_answers(load: Load, more: int) -> None:
    """Wait until so many more requests were answered, well or not."""
    wanted = load.attempts + more
    for _ in range(600):
        if load.attempts >= wanted:
            return
        time.sleep(0.1)
    pytest.fail(f"{wanted - load.attempts} of {more} answers did not come within a minute")


@OPTIONS
def test_no_request_fails_when_the_login_is_rotated_meanwhile(
    deployed: Deployment, serve: Serve, options: dict[str, object]
) -> None:
    site, url = serve(options)
    with under_load(f"{url}/paid", f"{url}/slow") as load:
        _wait_for_answers(load, 20)
        for _ in range(ROTATIONS):
            deployed.rotate(DATABASE)
            _wait_for_answers(load, 20)  # from the second rotation on, what the processes began with is refused
    print(f"{ROTATIONS} rotations: {load.attempts} requests, {len(load.failures)} failed, {load.answers}")  # noqa: T201
    assert load.failures == [], site.log.read_text()
    assert load.answers.keys() <= {"paid", *deployed.environment.database.logins}
    assert deployed.value()["password"] not in site.log.read_text()


@OPTIONS
def test_only_work_on_revoked_sessions_fails_when_both_logins_are_revoked_in_emergencies(
    deployed: Deployment, serve: Serve, options: dict[str, object]
) -> None:
    site, url = serve(options)
    ended, works, revoked = 0, list[_Work](), list[str]()
    lost_sessions = {f"503: lost {login}" for login in deployed.environment.database.logins}  # pools may have both
    with ExitStack() as ends, under_load(f"{url}/slow", threads=6) as load:
        for _ in range(2):
            _wait_for_answers(load, 20)
            work = urllib.request.urlopen(f"{url}/endless", timeout=60)  # noqa: S310 - the test's own server
            works.append(_Work(ends.enter_context(work)))
            revoked.append(deployed.value()["username"])
            done = answer(deployed, "rotate", "--emergency", DATABASE, *WHY)
            # The placeholder, which may be the version before, has no sessions.
            ended += sum(each.get("sessions_ended", 0) for each in (done, done["before"]) if each)
            assert set(load.failures) <= lost_sessions, site.log.read_text()
        _wait_for_answers(load, 20)  # what was under way is answered by then
        failed = len(load.failures)
        _wait_for_answers(load, 20)
        lost = [work.outcome() for work in works]
    shown = f"{load.attempts} requests, {failed} and {len(lost)} endless ones failed, {ended} sessions ended"
    print(f"two emergencies: {shown}")  # noqa: T201 - a figure
    assert set(revoked) == set(deployed.environment.database.logins)
    assert lost == [f"lost {work.login}" for work in works]  # there were sessions to revoke
    assert len(load.failures) == failed, "requests fail that began after the sessions were ended"
    assert failed + len(lost) <= ended, shown


class _Work:
    """A request whose work goes on until its session is ended."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.login = response.readline().decode().strip()

    def outcome(self) -> str:
        return self._response.read().decode()


def test_no_value_is_shown_when_django_prints_settings_and_errors(deployed: Deployment, serve: Serve) -> None:
    site, _ = serve({})
    values = {deployed.value()[field] for field in ("password", "username")}
    printed = site.manage("diffsettings", "--all") + site.manage("check", "--deploy") + site.manage("inspectdb")
    assert "alees_secrets.django.postgresql" in printed
    assert "(alees_secrets." not in printed  # its checks find nothing
    assert not any(value in printed for value in values)
