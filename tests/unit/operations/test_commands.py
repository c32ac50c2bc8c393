"""The commands by hand: what each does, says and ends with, against the real operations."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from typer.testing import CliRunner, Result

from operations.commands import app
from operations.errors import OperationError
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.canary import CANARY
from tests.fakes.hand import NEW, NEWER, OLD, value
from tests.fakes.operated import CALLER, OperatedSecret, denied

DATABASE = "database/credentials"
WHY = ("--reason", "a leak", "--incident", "INC-7")
EMERGENCY = ("rotate", "--emergency", DATABASE, *WHY)
COMMANDS: dict[str, tuple[str, ...]] = {
    "rotate": ("rotate", DATABASE, *WHY),
    "emergency": EMERGENCY,
    "revoke": ("revoke", DATABASE, *WHY),
    "rollback": ("rollback", DATABASE, *WHY),
    "set": ("set", DATABASE, "--stdin", *WHY),
}


@pytest.fixture
def secret() -> OperatedSecret:
    """The database secret of Dev after a rotation from OLD to NEW; the target accepts a value to set, too."""
    made = OperatedSecret()
    made.hand.target.accepted.add("set")
    return made


def _run(secret: OperatedSecret, *arguments: str, given: str = value("set")) -> Result:
    return CliRunner().invoke(app, list(arguments), obj=lambda _: secret.target(), input=given)


def _done(secret: OperatedSecret, *arguments: str, given: str = value("set")) -> Any:
    done = _run(secret, *arguments, "--yes", "--json", given=given)
    assert done.exit_code == 0, (done.stderr, done.exception)
    lines = [line for line in done.stdout.splitlines() if '"audit": true' not in line]  # the function's own log
    return json.loads("\n".join(lines))


def _error(result: Result) -> tuple[int, str]:
    """Return what the process would end with, and say."""
    if isinstance(result.exception, OperationError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.stderr


def test_an_emergency_records_rotates_tries_and_revokes_in_this_order(secret: OperatedSecret) -> None:
    done = _done(secret, *EMERGENCY)

    assert secret.calls == ["GetCallerIdentity", "record", "RotateSecret", "verify", "revoke"]
    store = secret.hand.store
    assert done == {
        "path": DATABASE,
        "version_id": store.labels["AWSCURRENT"],
        "revoked_version_id": NEW,
        "sessions_ended": 2,
    }
    assert store.labels["alees-revoked"] == NEW
    assert (store.tags["alees:incident"], store.tags["alees:caller"]) == ("INC-7", CALLER)


def test_every_stage_of_an_emergency_is_shown(secret: OperatedSecret) -> None:
    done = _run(secret, *EMERGENCY, "--yes")

    for stage in ("recording who, why", "rotating", "trying the new credential", "ending the old credential", "done"):
        assert f"{DATABASE}: {stage}" in done.stderr
    assert f"{DATABASE}: version new-vers is revoked; sessions ended: 2; version" in done.stdout


def test_the_old_credential_is_left_when_the_new_one_is_refused(secret: OperatedSecret) -> None:
    secret.new_works = False
    secret.hand.target.accepted.discard("rotated")

    code, told = _refusal(secret, *EMERGENCY)

    assert code == 1
    assert "was refused by its target, so the old credential was NOT revoked and may still work" in told
    assert "docs/runbooks/by-hand.md#the-new-credential-is-refused, then run the same command again" in told
    assert "alees-revoked" not in secret.hand.store.labels


def test_the_old_credential_is_left_when_the_canary_went_back_to_it(secret: OperatedSecret) -> None:
    def go_back(call: str) -> None:
        if call == "verify":
            labels = secret.hand.store.labels
            labels["AWSCURRENT"], labels["AWSPREVIOUS"] = labels["AWSPREVIOUS"], labels["AWSCURRENT"]

    secret.before = go_back

    code, told = _refusal(secret, *EMERGENCY)

    assert (code, "is not in use: version new-vers is" in told) == (1, True)


def _refusal(secret: OperatedSecret, *arguments: str) -> tuple[int, str]:
    return _error(_run(secret, *arguments, "--yes"))


INTERRUPTED = {
    "record": "nothing was begun, or the rotation was just started",
    "verify": "whether it works was not seen, and the old one was not revoked",
    "revoke": "the function goes on ending the old one for a minute",
}


@pytest.mark.parametrize("call", INTERRUPTED)
def test_ctrl_c_says_what_is_done_and_the_command_that_ends_it(secret: OperatedSecret, call: str) -> None:
    def interrupt(called: str) -> None:
        if called == call:
            raise KeyboardInterrupt

    secret.before = interrupt

    code, told = _refusal(secret, *EMERGENCY)

    assert code == 130
    assert INTERRUPTED[call] in told
    _, _, command = told.partition("To finish: ./alees-secrets ")
    wanted = f"rotate --emergency {DATABASE}" if call == "record" else f"revoke {DATABASE} --version-id new-version"
    assert command == f"{wanted} --environment Dev --reason 'a leak' --incident INC-7"


def test_nothing_is_revoked_when_another_version_is_the_one_before(secret: OperatedSecret) -> None:
    code, told = _refusal(secret, *COMMANDS["revoke"], "--version-id", "the-leaked-one")

    assert code == 1
    assert "not the-leak; nothing was revoked. If the-leak is still in use, its rotation did not succeed" in told


@pytest.mark.parametrize("name", COMMANDS)
def test_ctrl_c_ends_every_command_with_130_and_a_hint(secret: OperatedSecret, name: str) -> None:
    operation = {"rotate": "record", "emergency": "record"}.get(name, name)

    def interrupt(called: str) -> None:
        if called == operation:
            raise KeyboardInterrupt

    secret.before = interrupt

    code, told = _refusal(secret, *COMMANDS[name])

    assert (code, told.startswith("interrupted; ")) == (130, True)


@pytest.mark.parametrize("name", ["rotate", "revoke", "rollback"])
def test_nothing_is_done_when_the_question_is_declined(secret: OperatedSecret, name: str) -> None:
    before = dict(secret.hand.store.labels)

    done = _run(secret, *COMMANDS[name], given="n\n")

    assert done.exit_code == 1
    assert "In Dev, for database/credentials:" in done.stderr
    assert (secret.hand.store.labels, secret.hand.store.tags) == (before, {})


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_refused_while_somebody_else_rotates(secret: OperatedSecret, name: str) -> None:
    secret.hand.start()

    code, told = _refusal(secret, *COMMANDS[name])

    assert code == 1
    assert "another rotation of database/credentials is not over (version newer-ve); wait for its end" in told
    assert "./alees-secrets recover database/credentials --environment Dev --reason" in told
    assert secret.hand.store.tags == {}


@pytest.mark.parametrize("name", ["revoke", "rollback", "set"])
def test_it_is_refused_when_somebody_else_acted_after_it_looked(secret: OperatedSecret, name: str) -> None:
    def overtake(call: str) -> None:
        if call == name:
            secret.hand.store.values["later"] = value("new")
            secret.hand.store.labels |= {"AWSCURRENT": "later", "AWSPREVIOUS": NEW}

    secret.before = overtake

    code, told = _refusal(secret, *COMMANDS[name])

    assert (code, "refused: overtaken: " in told, "rotation.md#overtaken" in told) == (1, True, True)
    assert secret.hand.store.labels["AWSCURRENT"] == "later"


def _raise(error: Exception, call: str) -> Callable[[str], None]:
    def before(called: str) -> None:
        if called == call:
            raise error

    return before


AWAY = EndpointConnectionError(endpoint_url="https://nowhere.example")
TOO_OLD = "bad-event: the event names no operation; allowed is adopt; see docs/runbooks/rotation.md#bad-event"
OLDER = "bad-event: the event is no rotation request; allowed are Step; see docs/runbooks/rotation.md#bad-event"


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("before", "reply", "message"),
    [
        (_raise(denied("DescribeSecret"), "DescribeSecret"), None, "DescribeSecret answered AccessDeniedException"),
        (_raise(AWAY, "DescribeSecret"), None, r"AWS did not answer \(EndpointConnectionError\)"),
        (_raise(AWAY, "GetCallerIdentity"), None, "AWS does not say who you are: AWS did not answer"),
        (None, {"errorMessage": "iam: denied; see docs/runbooks/rotation.md#iam"}, "refused: iam: denied; see"),
        (None, {"errorMessage": "Task timed out after 60.00 seconds"}, "crashed: Task timed out .* again is safe"),
        (None, {}, "crashed: it did not say why; its log says more"),
        (None, {"errorMessage": TOO_OLD}, "is too old .*; deploy AleesSecretsDev"),
        (None, {"errorMessage": OLDER}, "is too old .*; deploy AleesSecretsDev"),
    ],
    ids=["denied", "away", "nobody", "refused", "timed out", "crashed", "too old", "older"],
)
def test_one_clear_error_is_told_and_nothing_changes(
    secret: OperatedSecret, name: str, before: Callable[[str], None] | None, reply: dict[str, Any] | None, message: str
) -> None:
    secret.before, secret.reply = before or secret.before, reply
    labels = dict(secret.hand.store.labels)

    code, told = _refusal(secret, *COMMANDS[name])

    assert code == 1
    assert re.search(message, told), told
    assert secret.hand.store.labels == labels


def test_revoking_again_ends_what_a_failure_left(secret: OperatedSecret) -> None:
    secret.hand.target.dies = 1
    code, told = _refusal(secret, *COMMANDS["revoke"])
    assert (code, "network: it is down" in told) == (1, True)

    done = _done(secret, *COMMANDS["revoke"])

    assert (done["revoked_version_id"], secret.hand.target.ended) == (OLD, ["old"])


@pytest.mark.parametrize(("name", "message"), [("revoke", "nothing is to be revoked"), ("rollback", "rotate instead")])
def test_it_is_said_when_there_is_no_version_before(secret: OperatedSecret, name: str, message: str) -> None:
    del secret.hand.store.labels["AWSPREVIOUS"]

    code, told = _refusal(secret, *COMMANDS[name])

    assert (code, message in told) == (1, True)


def test_current_goes_back(secret: OperatedSecret) -> None:
    assert _done(secret, *COMMANDS["rollback"]) == {"path": DATABASE, "version_id": OLD}


def test_a_value_from_standard_input_is_put_into_use(secret: OperatedSecret) -> None:
    done = _done(secret, *COMMANDS["set"])

    assert secret.hand.store.labels["AWSCURRENT"] == done["version_id"]
    assert secret.hand.store.current()["password"] == "set"


def test_a_value_that_is_refused_is_put_into_use_only_untested(secret: OperatedSecret) -> None:
    code, told = _error(_run(secret, *COMMANDS["set"], "--yes", given=value(CANARY)))
    assert (code, "refused: authentication: refused" in told, CANARY in told) == (1, True, False)

    _done(secret, *COMMANDS["set"], "--untested", given=value(CANARY))

    assert secret.hand.store.current()["password"] == CANARY


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "it is not one JSON object; nothing was sent"),
        (f'{{"password": "{CANARY}"', "it is not one JSON object; nothing was sent"),
        (f'["{CANARY}"]', "it is not one JSON object; nothing was sent"),
        (json.dumps({"password": CANARY}), "username is missing"),
    ],
)
def test_a_wrong_value_is_refused_before_anything_is_sent(secret: OperatedSecret, given: str, message: str) -> None:
    result = _run(secret, *COMMANDS["set"], "--yes", given=given)
    code, told = _error(result)

    assert (code, message in told) == (2, True)
    assert CANARY not in told + result.output
    assert "set" not in secret.calls


def test_a_pending_rotation_is_finished_with_its_own_version(secret: OperatedSecret) -> None:
    secret.hand.start()

    done = _done(secret, "recover", *WHY)

    assert [(each["version_id"], each["step"], each["outcome"]) for each in done] == [(NEWER, "setSecret", "finished")]
    assert secret.calls == ["GetCallerIdentity", "diagnose", "record", "RotateSecret"]


def test_a_pending_rotation_is_given_up_when_that_is_asked_for(secret: OperatedSecret) -> None:
    secret.hand.start()

    (done,) = _done(secret, "recover", DATABASE, "--discard", *WHY)

    assert (done["outcome"], "AWSPENDING" in secret.hand.store.labels) == ("discarded", False)
    assert secret.hand.store.labels["AWSCURRENT"] == NEW


def test_a_value_that_can_never_work_is_given_up_after_it_was_said(secret: OperatedSecret) -> None:
    secret.hand.start("unusable")

    done = _run(secret, "recover", *WHY, given="y\n")

    assert "Its value can never work." in done.stderr
    assert "the AWSPENDING value is odd" in done.stderr
    assert done.exit_code == 0
    assert "database/credentials: discarded" in done.stdout


def test_a_rotation_is_left_when_something_stands_in_its_way(secret: OperatedSecret) -> None:
    secret.hand.start()
    secret.hand.target.failure = RotationError(Cause.NETWORK, "it is down")

    code, told = _refusal(secret, "recover", *WHY)

    assert code == 1
    assert "cannot be finished yet (network: it is down); mend that (docs/runbooks/rotation.md)" in told
    assert secret.hand.store.labels["AWSPENDING"] == NEWER


def test_a_rotation_is_left_when_its_function_cannot_say_anything(secret: OperatedSecret) -> None:
    secret.hand.start()
    secret.reply = {"errorMessage": "Runtime.ImportModuleError"}

    code, told = _refusal(secret, "recover", *WHY)

    assert (code, "crashed: Runtime.ImportModuleError" in told) == (1, True)


@pytest.mark.parametrize(("minutes", "said"), [(1, True), (60, False)])
def test_it_is_said_when_a_rotation_may_be_running_still(secret: OperatedSecret, minutes: int, *, said: bool) -> None:
    secret.hand.start()
    secret.age = timedelta(minutes=minutes)

    done = _run(secret, "recover", *WHY, given="n\n")

    assert ("It is so young that it may be running still" in done.stderr) is said
    assert "To be done next: setSecret." in done.stderr
    assert secret.hand.store.labels["AWSPENDING"] == NEWER


def test_it_is_said_when_nothing_is_stuck(secret: OperatedSecret) -> None:
    done = _run(secret, "recover", DATABASE, *WHY)

    assert (done.exit_code, done.stdout) == (0, "No rotation is stuck.\n")


def test_the_others_are_done_when_one_of_a_kind_fails(secret: OperatedSecret) -> None:
    secret.hand.start()

    code, told = _refusal(secret, "rotate", "--kind", "database", *WHY)

    assert (code, "is not over" in told) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rotate", "database/credential", *WHY), "secret is 'database/credential'; Dev declares"),
        (("rotate", *WHY), "give one secret's NAME, or --kind for all of a kind"),
        (("rotate", DATABASE, "--kind", "jwt", *WHY), "give one secret's NAME, or --kind for all of a kind"),
        (("rotate", "--kind", "email", *WHY), "--kind is email; Dev rotates"),
        (("rotate", "--emergency", DATABASE, "--reason", "r"), "--emergency needs --incident"),
        (("rotate", DATABASE, "--reason", " "), "--reason has 0 characters; allowed are 1 to 256"),
        (("revoke", DATABASE, "--reason", "r", "--incident", "i" * 257), "--incident has 257 characters"),
        (("recover", "else", *WHY), "secret is 'else'; Dev declares"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_done(
    secret: OperatedSecret, arguments: tuple[str, ...], message: str
) -> None:
    code, told = _refusal(secret, *arguments)

    assert (code, message in told) == (2, True), told
    assert set(secret.calls) <= {"GetCallerIdentity"}


@pytest.mark.parametrize("name", [*COMMANDS, "recover"])
def test_a_reason_is_required(secret: OperatedSecret, name: str) -> None:
    arguments = [each for each in COMMANDS.get(name, ("recover",)) if each not in {"--reason", "a leak"}]

    done = _run(secret, *arguments, "--yes")

    assert (done.exit_code, "Missing option '--reason'" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", [*COMMANDS, "recover"])
def test_nothing_is_asked_of_machines(secret: OperatedSecret, name: str) -> None:
    arguments = COMMANDS.get(name, ("recover", *WHY))

    code, told = _error(_run(secret, *arguments, "--json"))

    assert (code, told) == (2, "--json asks no questions; give --yes")
