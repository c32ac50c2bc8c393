"""A rotation that stopped at any step, of every kind: it is named, and it is ended both ways."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from rotation_handlers.errors import RotationError
from rotation_handlers.rotation import Step
from tests.fakes.postgres import Server
from tests.fakes.provider import refusing
from tests.unit.rotation_handlers import stopping
from tests.unit.rotation_handlers.stopping import Stopping

Named = tuple[str, str | None]
"""A step, and the cause that stands in its way now."""

ACCEPTED: Named = ("finishSecret", None)
"""Said of a value that the target accepts already: nothing but the label is left to do."""

NAMED: dict[str, dict[Step, Named]] = {
    "two logins": {
        Step.CREATE: ("createSecret", None),
        Step.SET: ("setSecret", "authentication"),
        Step.TEST: ("testSecret", "privilege"),
        Step.FINISH: ACCEPTED,
    },
    "one login": {
        Step.CREATE: ("createSecret", None),
        Step.SET: ("setSecret", "authentication"),
        Step.TEST: ACCEPTED,
        Step.FINISH: ACCEPTED,
    },
    "jwt": {Step.CREATE: ("createSecret", None), Step.SET: ACCEPTED, Step.TEST: ACCEPTED, Step.FINISH: ACCEPTED},
    "internal": {Step.CREATE: ("createSecret", None), Step.SET: ACCEPTED, Step.TEST: ACCEPTED, Step.FINISH: ACCEPTED},
    "http": {
        Step.CREATE: ("createSecret", None),
        Step.SET: ACCEPTED,
        Step.TEST: ("testSecret", "provider"),
        Step.FINISH: ACCEPTED,
    },
    "ses": {
        Step.CREATE: ("createSecret", None),
        Step.SET: ACCEPTED,
        Step.TEST: ("testSecret", "network"),
        Step.FINISH: ACCEPTED,
    },
    "http, provider down": {Step.CREATE: ("createSecret", "provider")},
    "http, management refused": {Step.CREATE: ("createSecret", "authentication")},
    "ses, IAM denied": {Step.CREATE: ("createSecret", "iam")},
}

CASES = [
    pytest.param(kind, step, marks=[pytest.mark.servers] if "login" in kind else [])
    for kind, steps in NAMED.items()
    for step in steps
]


def _made(kind: str, request: pytest.FixtureRequest, folder: Path) -> AbstractContextManager[Stopping]:
    makers: dict[str, Callable[[], AbstractContextManager[Stopping]]] = {
        "two logins": lambda: stopping.database(request.getfixturevalue("server"), 2),
        "one login": lambda: stopping.database(request.getfixturevalue("server"), 1),
        "jwt": stopping.jwt,
        "internal": stopping.internal_api_key,
        "http": lambda: stopping.http_api_key(folder),
        "ses": stopping.ses,
        "http, provider down": lambda: stopping.http_api_key(folder, Step.CREATE),
        "http, management refused": lambda: stopping.http_api_key(folder, Step.CREATE, refusing),
        "ses, IAM denied": lambda: stopping.ses(Step.CREATE),
    }
    return makers[kind]()


@pytest.fixture
def secret(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stopping]:
    """A secret that was rotated twice."""
    with _made(kind, request, tmp_path) as made:
        made.rotate()
        made.rotate()
        yield made


def _stop(secret: Stopping, step: Step) -> tuple[str, dict[str, object]]:
    """Have a rotation stop at *step*; return its version, and what is said of it while its obstacle is there."""
    token, steps = secret.start(), list(Step)
    secret.steps(token, steps[: steps.index(step)])
    obstacle = secret.obstacle(step)
    if obstacle is None:
        return token, secret.do("diagnose", token)
    with obstacle:
        with pytest.raises(RotationError):
            secret.steps(token, [step])
        return token, secret.do("diagnose", token)


def _few_are_live(secret: Stopping) -> bool:
    return secret.live is None or secret.live() <= 2


@pytest.mark.parametrize(("kind", "step"), CASES)
def test_it_is_named_and_finished_with_its_own_version(kind: str, step: Step, secret: Stopping) -> None:
    token, told = _stop(secret, step)

    assert (told["step"], told["cause"], told["usable"]) == (*NAMED[kind][step], True)
    secret.steps(token, list(Step))

    assert secret.store.labels["AWSCURRENT"] == token
    assert secret.works(secret.store.current())
    assert _few_are_live(secret)


@pytest.mark.parametrize(("kind", "step"), CASES)
def test_it_is_given_up_and_the_next_one_succeeds(kind: str, step: Step, secret: Stopping) -> None:  # noqa: ARG001 - the fixture's
    before = secret.store.current()
    token, _ = _stop(secret, step)

    assert secret.do("discard", token) == {"version": token, "outcome": "discarded"}

    assert "AWSPENDING" not in secret.store.labels
    assert secret.store.current() == before
    assert secret.works(before)
    assert _few_are_live(secret)
    secret.rotate()
    assert secret.works(secret.store.current())
    assert _few_are_live(secret)


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        pytest.param("two logins", "bad-secret", marks=pytest.mark.servers),
        pytest.param("one login", None, marks=pytest.mark.servers),
        ("jwt", None),
        ("internal", None),
        ("http", "bad-secret"),
        ("ses", "bad-secret"),
    ],
)
def test_a_current_value_without_a_name_is_told_of_where_no_new_one_can_be_made_beside_it(
    kind: str, cause: str | None, secret: Stopping
) -> None:
    secret.store.values[secret.store.labels["AWSCURRENT"]] = "{}"
    token = secret.start()

    told = secret.do("diagnose", token)

    assert (told["step"], told["cause"]) == ("createSecret", cause), kind
    with pytest.raises(RotationError) if cause else nullcontext():
        secret.steps(token, [Step.CREATE])


@pytest.mark.servers
@pytest.mark.parametrize("logins", [1, 2])
def test_a_first_rotation_that_stopped_is_named_and_finished(server: Server, logins: int) -> None:
    with stopping.database(server, logins) as secret:
        token, told = _stop(secret, Step.SET)
        assert (told["step"], told["cause"]) == ("setSecret", "authentication")

        told = secret.do("diagnose", token)
        assert (told["step"], told["cause"]) == ("setSecret", None)
        secret.steps(token, list(Step))

        assert secret.works(secret.store.current())


def test_a_rotation_of_what_people_set_is_named_and_given_up() -> None:
    with stopping.mail_by_hand() as secret:
        token = secret.start()
        with pytest.raises(RotationError, match="sets its mail credentials by hand"):
            secret.steps(token, [Step.CREATE])

        told = secret.do("diagnose", token)
        assert (told["step"], told["cause"]) == ("createSecret", "bad-settings")
        secret.do("discard", token)

        assert "AWSPENDING" not in secret.store.labels
        assert secret.works(secret.store.current())
