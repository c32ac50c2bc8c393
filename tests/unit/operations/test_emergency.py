"""An emergency: what ends in which order, and what is said, and left, when it stops half-way."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from config.access import DATABASE, JWT
from config.environment import EMAIL
from operations.emergency import may_leave_before
from operations.errors import OperationError
from tests.fakes.hand import NEW, NEWER, OLD, value
from tests.fakes.operated import CALLER, OperatedSecret, answer_of, denied, error_of, run_command
from tests.unit.config.test_local import CLOUD

WHY = ("--reason", "a leak", "--incident", "INC-7")
EMERGENCY = ("rotate", "--emergency", DATABASE, *WHY)
OPTIONS = "--environment Dev --reason 'a leak' --incident INC-7"
ENDING = f"./alees-secrets revoke {DATABASE} --version-id {NEW} {OPTIONS}"
AGAIN = f"./alees-secrets rotate --emergency {DATABASE} {OPTIONS}"


def _emergency(operated: OperatedSecret) -> tuple[int, str]:
    return error_of(run_command(operated, *EMERGENCY, "--yes"))


def _at(operated: OperatedSecret, *calls: str, act: Callable[[], None]) -> None:
    """Have *act* be called when, after all other *calls*, the last of them is made."""

    def called(name: str) -> None:
        if (*operated.calls, name)[-len(calls) :] == calls:
            act()

    operated.before = called


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_an_emergency_ends_the_version_before_then_records_rotates_tries_and_revokes(operated: OperatedSecret) -> None:
    done = answer_of(operated, *EMERGENCY)

    assert operated.calls == ["GetCallerIdentity", "revoke", "record", "RotateSecret", "verify", "revoke"]
    store = operated.hand.store
    assert done == {
        "path": DATABASE,
        "version_id": store.labels["AWSCURRENT"],
        "revoked_version_id": NEW,
        "sessions_ended": 2,
        "before": {"revoked_version_id": OLD, "sessions_ended": 2},
        "left": None,
    }
    assert (operated.hand.target.ended, operated.hand.target.others_ended) == (["old", "new"], 1)
    assert store.labels["alees-revoked"] == NEW
    assert (store.tags["alees:incident"], store.tags["alees:caller"]) == ("INC-7", CALLER)


def test_a_single_login_has_its_sessions_ended_once(operated: OperatedSecret) -> None:
    operated.keep_logins(1)

    done = answer_of(operated, *EMERGENCY)

    assert operated.calls == ["GetCallerIdentity", "record", "RotateSecret", "verify", "revoke"]
    assert done["before"] is None


def test_a_version_whose_end_did_not_come_perhaps_is_ended_again(operated: OperatedSecret) -> None:
    labels = operated.hand.store.labels
    labels["alees-revoked"] = labels.pop("AWSPREVIOUS")

    assert answer_of(operated, *EMERGENCY)["before"]["revoked_version_id"] == OLD


def test_a_version_before_that_has_the_credential_in_use_ends_with_it(operated: OperatedSecret) -> None:
    operated.hand.store.values[OLD] = value("new")

    done = answer_of(operated, *EMERGENCY)

    assert (done["before"], done["left"]) == ({"revoked_version_id": OLD}, None)
    assert (operated.hand.target.ended, operated.hand.target.others_ended) == (["new"], 1)


def test_it_is_told_when_the_new_credential_is_the_old_one(operated: OperatedSecret) -> None:
    operated.hand.store.values[NEW] = value("rotated")
    operated.hand.target.accepted.add("rotated")

    code, told = _emergency(operated)

    assert code == 1
    assert f"version {NEW[:8]} has the credential of AWSCURRENT or AWSPREVIOUS, which works on" in told
    assert told.endswith(ENDING)


def test_the_first_rotation_may_be_an_emergency(operated: OperatedSecret) -> None:
    store = operated.hand.store
    store.values[NEW] = '{"alees_not_initialized": "true"}'
    del store.labels["AWSPREVIOUS"]

    done = answer_of(operated, *EMERGENCY)

    assert (done["version_id"], done["revoked_version_id"]) == (store.labels["AWSCURRENT"], NEW)
    assert done["before"] is None
    assert operated.hand.target.ended == []


@pytest.mark.parametrize("single", [False, True])
def test_what_an_emergency_does_is_shown_first(operated: OperatedSecret, *, single: bool) -> None:
    if single:
        operated.keep_logins(1)

    done = run_command(operated, *EMERGENCY, given="n\n")

    told = " ".join(done.stderr.split())
    assert (f"1. end the version before of {DATABASE} too: it is refused" in told) is not single
    assert ("its sessions end, and with it the database login that is not in use" in told) is not single
    assert f"{3 if single else 4}. revoke the old one" in told
    assert operated.calls == ["GetCallerIdentity"]


def test_every_stage_of_an_emergency_is_shown(operated: OperatedSecret) -> None:
    done = run_command(operated, *EMERGENCY, "--yes")

    for stage in (
        "ending the version before",
        "recording who, why",
        "rotating",
        "trying the new credential",
        "ending the old credential",
        "done",
    ):
        assert f"{DATABASE}: {stage}" in done.stderr
    revoked = "{}: version {} is revoked; sessions ended: 2"
    before, old = (revoked.format(DATABASE, version[:8]) for version in (OLD, NEW))
    assert f"{before}\n{old}; version " in done.stdout


UNENDED = "docs/runbooks/by-hand.md#the-version-before-was-not-ended"


def test_a_credential_that_is_refused_itself_is_replaced_and_what_is_left_is_said(operated: OperatedSecret) -> None:
    operated.hand.target.accepted.discard("new")

    done = run_command(operated, *EMERGENCY, "--yes", "--json")
    code, told = error_of(done)

    assert (code, told.startswith(f"{DATABASE}: the version before was NOT ended (")) == (1, True)
    assert "AWSCURRENT itself was refused 3 times" in told
    assert told.endswith(UNENDED)
    before_the_rest, _, _ = done.stderr.partition("recording who")
    assert told in before_the_rest
    (answer,) = json.loads(done.stdout[done.stdout.index("\n[\n") :])
    assert answer["version_id"] == operated.hand.store.labels["AWSCURRENT"]
    assert (answer["before"], f"{DATABASE}: {answer['left']}") == (None, told)
    assert operated.hand.target.ended == ["new"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), denied("Invoke")])
def test_what_is_left_is_said_again_when_the_rest_is_not_done_either(
    operated: OperatedSecret, stop: BaseException
) -> None:
    def end() -> None:
        raise stop

    operated.hand.target.accepted.discard("new")
    _at(operated, "verify", act=end)

    _, told = _emergency(operated)

    assert f"{DATABASE}: the version before was NOT ended (" in told
    assert told.endswith(ENDING)


def test_the_version_before_is_the_one_that_ends_first_when_an_older_one_was_revoked(operated: OperatedSecret) -> None:
    operated.hand.store.labels["alees-revoked"] = NEWER

    assert answer_of(operated, *EMERGENCY)["before"]["revoked_version_id"] == OLD


def test_the_plan_names_whose_version_before_ends(operated: OperatedSecret) -> None:
    operated.environment = replace(CLOUD.environment(), name="Local")

    plan = run_command(operated, "rotate", "--emergency", "--kind", "api", *WHY, given="n\n").stderr

    assert "1. end the version before of api/payments/key too" in " ".join(plan.split())
    assert "database login" not in plan


@pytest.mark.parametrize(
    ("path", "leaves"),
    [
        (DATABASE, True),
        (JWT, False),
        (EMAIL, True),
        ("api/payments/key", True),
        ("api/partners/key", False),
    ],
)
def test_what_makes_or_lists_its_keys_by_itself_needs_no_end_before(
    operated: OperatedSecret, path: str, *, leaves: bool
) -> None:
    operated.environment = CLOUD.environment()

    assert may_leave_before(operated.target(), path) is leaves


def test_two_emergencies_end_what_both_logins_had(operated: OperatedSecret) -> None:
    store = operated.hand.store
    first = answer_of(operated, *EMERGENCY)["version_id"]
    store.values[first] = value("first")
    operated.hand.target.accepted.add("first")

    second = answer_of(operated, *EMERGENCY)

    assert (second["before"]["revoked_version_id"], second["revoked_version_id"]) == (NEW, first)
    assert operated.hand.target.ended == ["old", "new", "new", "first"]


def test_the_old_credential_is_left_when_the_new_one_is_refused(operated: OperatedSecret) -> None:
    operated.new_works = False
    operated.hand.target.accepted.discard("rotated")

    code, told = _emergency(operated)

    assert code == 1
    assert "was refused by its target, so the old credential was NOT revoked and may still work" in told
    assert "docs/runbooks/by-hand.md#the-new-credential-is-refused, then run the same command again" in told
    assert operated.hand.store.labels["alees-revoked"] == OLD


def test_the_old_credential_is_left_when_the_canary_went_back_to_it(operated: OperatedSecret) -> None:
    def go_back() -> None:
        labels = operated.hand.store.labels
        labels["AWSCURRENT"], labels["AWSPREVIOUS"] = labels["AWSPREVIOUS"], labels["AWSCURRENT"]

    _at(operated, "verify", act=go_back)

    code, told = _emergency(operated)

    assert (code, "is not in use: version new-vers is" in told) == (1, True)


@pytest.mark.parametrize(
    ("calls", "left"),
    [
        (("verify",), "The old credential was NOT revoked; when the new one works, run not this again but: "),
        (("verify", "revoke"), "The old credential may still work; run not this again but: "),
    ],
)
def test_the_command_that_ends_the_old_credential_is_told_when_the_function_fails(
    operated: OperatedSecret, calls: tuple[str, ...], left: str
) -> None:
    def fail() -> None:
        raise denied("Invoke")

    _at(operated, *calls, act=fail)

    done = run_command(operated, *EMERGENCY, "--yes")
    code, told = error_of(done)

    assert (code, told.endswith(f"Invoke answered AccessDeniedException. {left}{ENDING}")) == (1, True), told
    assert isinstance(done.exception, OperationError)
    assert done.exception.__context__ is None
    operated.before = lambda _: None
    assert answer_of(operated, "revoke", DATABASE, "--version-id", NEW, *WHY)["revoked_version_id"] == NEW
    assert operated.hand.target.ended == ["old", "new"]


INTERRUPTED = {
    ("GetCallerIdentity", "revoke"): ("nothing was begun, or the version before is being ended", AGAIN),
    ("record",): ("nothing was begun, or the rotation was just started", AGAIN),
    ("verify",): ("whether it works was not seen, and the old one was not revoked", ENDING),
    ("verify", "revoke"): ("the function goes on ending the old one for a minute", ENDING),
}


@pytest.mark.parametrize("calls", INTERRUPTED)
def test_ctrl_c_says_what_is_done_and_the_command_that_ends_it(
    operated: OperatedSecret, calls: tuple[str, ...]
) -> None:
    _at(operated, *calls, act=_interrupt)

    code, told = _emergency(operated)

    done, command = INTERRUPTED[calls]
    assert (code, done in told, told.partition("To finish: ")[2]) == (130, True, command)
