"""The rehearsal notices an engine that has something taken out, where the engine as it is holds."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from psycopg import sql

from tests.fakes.postgres import Server
from tests.rehearsal.api_key import ApiKeyFunction
from tests.rehearsal.database import DatabaseFunction, database_world
from tests.rehearsal.email import EmailFunction
from tests.rehearsal.forks import Forks, forks
from tests.rehearsal.function import Function
from tests.rehearsal.kinds import KINDS
from tests.rehearsal.points import Point, Scenario
from tests.rehearsal.rehearsal import Rehearsal
from tests.rehearsal.weakened import (
    ForgetfulVersions,
    SweptBySight,
    UndiscardingVersions,
    Unfenced,
    UnguardedLogins,
    UnguardedVersions,
    UnrepeatableVersions,
    Unswept,
    WithVersions,
)

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def processes() -> Iterator[Forks]:
    """Where functions run."""
    with forks() as started:
        yield started


def unfenced(function: Function) -> Function:
    """Take the lock out."""
    assert isinstance(function, DatabaseFunction)
    return replace(function, strategy=Unfenced)


def unguarded_logins(function: Function) -> Function:
    """Take the look at AWSCURRENT's login out."""
    assert isinstance(function, DatabaseFunction)
    return replace(function, strategy=UnguardedLogins)


def unguarded_versions(function: Function) -> Function:
    """Take the look at AWSPENDING out."""
    return WithVersions(function, UnguardedVersions)


def undiscarding(function: Function) -> Function:
    """Take out that AWSPENDING leaves a value that can never work."""
    return WithVersions(function, UndiscardingVersions)


def forgetful(function: Function) -> Function:
    """Take out that what the target made already is seen."""
    return WithVersions(function, ForgetfulVersions)


def unrepeatable(function: Function) -> Function:
    """Take out that createSecret may come twice."""
    return WithVersions(function, UnrepeatableVersions)


def unswept(function: Function) -> Function:
    """Take out that older and unknown credentials are ended."""
    assert isinstance(function, ApiKeyFunction | EmailFunction)
    return replace(function, strategy=Unswept)


def swept_by_sight(function: Function) -> Function:
    """Take out the look at the labels before a credential is ended."""
    assert isinstance(function, ApiKeyFunction)
    return replace(function, strategy=SweptBySight)


@pytest.mark.parametrize(
    ("weaken", "point", "problem"),
    [
        pytest.param(
            unfenced,
            "database/steady/setSecret/GetSecretValue#3/after/interleaved",
            "AWSCURRENT does not work after setSecret",
            id="fence",
        ),
        pytest.param(
            unguarded_logins,
            "database/steady/createSecret/PutSecretValue#1/before/interleaved",
            "AWSCURRENT does not work after setSecret",
            id="guard-of-logins",
        ),
        pytest.param(
            unguarded_versions,
            "database/steady/finishSecret/connect#1/after/interleaved",
            "AWSCURRENT does not work after finishSecret",
            id="guard-of-labels",
        ),
        pytest.param(
            undiscarding,
            "database/steady/createSecret/PutSecretValue#1/before/interleaved",
            "AWSPENDING stays on another version than AWSCURRENT",
            id="discarding",
        ),
        pytest.param(
            unrepeatable,
            "database/first/createSecret/twice",
            "does not converge: createSecret unexpected",
            id="idempotence-of-database",
        ),
        pytest.param(
            unrepeatable,
            "jwt/steady/createSecret/PutSecretValue#1/after/died/retried",
            "does not converge: createSecret unexpected",
            id="idempotence-of-jwt",
        ),
        pytest.param(
            forgetful,
            "api-http/steady/createSecret/PutSecretValue#1/after/died/retried",
            "does not converge: testSecret pending-discarded",
            id="idempotence-of-api-keys",
        ),
        pytest.param(
            unswept,
            "api-http/first/createSecret/POST#1/after/lost/anew",
            "1 credentials work that no version holds",
            id="sweeping-of-what-was-not-stored",
        ),
        pytest.param(
            unswept,
            "api-http/steady/createSecret/POST#1/after/died/retried",
            "4 credentials work",
            id="sweeping-of-older-keys",
        ),
        pytest.param(
            unswept,
            "email-ses/first/createSecret/CreateAccessKey#1/after/lost/anew",
            "1 credentials work that no version holds",
            id="sweeping-of-access-keys",
        ),
        pytest.param(
            swept_by_sight,
            "api-http/steady/createSecret/GET#1/before/interleaved",
            "AWSCURRENT does not work after createSecret",
            id="claim",
        ),
    ],
)
def test_the_point_fails_when_the_engine_is_weakened(
    server: Server, processes: Forks, weaken: Callable[[Function], Function], point: str, problem: str
) -> None:
    here = Point.parse(point)
    with KINDS[here.kind](server) as world:
        rehearsal = Rehearsal(world, here.scenario, processes)
        assert rehearsal.outcome(here).problem is None

        world.function = weaken(world.function)

        assert rehearsal.outcome(here).problem == problem


def test_the_point_fails_when_a_third_login_acts_as_the_owner(server: Server, processes: Forks) -> None:
    with database_world(server) as world:
        rehearsal = Rehearsal(world, Scenario.STEADY, processes)
        third, owner = sql.Identifier(f"third_of_{world.settings.owner}"), sql.Identifier(world.settings.owner)
        world.admin.execute(sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(third, owner))

        problem = rehearsal.outcome(Point.parse("database/steady/createSecret/twice")).problem

        world.admin.execute(sql.SQL("DROP ROLE {}").format(third))
    assert problem == "3 credentials work"


def test_a_login_is_an_orphan_when_no_label_leads_to_its_password(server: Server, processes: Forks) -> None:
    with database_world(server) as world:
        rehearsal = Rehearsal(world, Scenario.STEADY, processes)
        before = rehearsal.outcome(Point.parse("database/steady/createSecret/twice"))
        login = sql.Identifier(world.store.fields(world.store.labels["AWSPREVIOUS"])["username"])
        world.admin.execute(sql.SQL("ALTER ROLE {} PASSWORD 'only-for-this-test'").format(login))

        assert (before.live, before.orphans, world.live_credentials(), world.orphans()) == (2, 0, 2, 1)


@pytest.mark.parametrize(
    ("gap", "point", "problem"),
    [
        pytest.param(
            (),
            "single-login/steady/finishSecret/UpdateSecretVersionStage#1/before/died/retried",
            "AWSCURRENT does not work",
            id="a place is missing",
        ),
        pytest.param(
            ("finishSecret/UpdateSecretVersionStage#1/after",),
            "single-login/steady/finishSecret/UpdateSecretVersionStage#1/after/died/retried",
            "AWSCURRENT works throughout",
            id="a place is too many",
        ),
    ],
)
def test_the_point_fails_when_the_gap_of_a_single_login_is_listed_wrong(
    server: Server, processes: Forks, gap: tuple[str, ...], point: str, problem: str
) -> None:
    here = Point.parse(point)
    with KINDS[here.kind](server) as world:
        rehearsal = Rehearsal(world, here.scenario, processes)
        assert rehearsal.outcome(here).problem is None

        world.gap = gap

        assert str(rehearsal.outcome(here).problem).startswith(problem)
