"""The commands by hand: what each does, says and ends with, against the real operations."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from operations.commands.rotating import Done, rotate_each
from operations.errors import OperationError, StoppedError
from rotation_handlers.errors import Cause, RotationError
from tests.fakes.hand import NEW, NEWER, OLD, value
from tests.fakes.operated import OperatedSecret, answer_of, denied, error_of, run_command

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
ADOPT = ("adopt", "erp", "--apply", *WHY)


def _refusal(operated: OperatedSecret, *arguments: str) -> tuple[int, str]:
    return error_of(run_command(operated, *arguments, "--yes"))


def test_nothing_is_revoked_when_another_version_is_the_one_before(operated: OperatedSecret) -> None:
    code, told = _refusal(operated, *COMMANDS["revoke"], "--version-id", "the-leaked-one")

    assert code == 1
    assert "nothing was revoked; version the-leak is neither AWSPREVIOUS nor what was revoked last" in told


def test_nothing_is_revoked_when_the_version_is_in_use(operated: OperatedSecret) -> None:
    code, told = _refusal(operated, *COMMANDS["revoke"], "--version-id", NEW)

    assert code == 1
    assert "version new-vers is still in use, so its rotation did not succeed: run rotate --emergency again" in told


def test_the_credential_in_use_is_not_revoked_by_another_version_that_has_it(operated: OperatedSecret) -> None:
    operated.hand.store.values[OLD] = value("new")

    code, told = _refusal(operated, *COMMANDS["revoke"])

    assert code == 1
    assert f"{DATABASE}: version old-vers has the credential of AWSCURRENT or AWSPREVIOUS, which works on; see" in told
    assert operated.hand.target.ended == []


def test_what_was_revoked_last_may_be_ended_again_after_another_rotation(operated: OperatedSecret) -> None:
    operated.hand.target.dies = 1
    command = (*COMMANDS["revoke"], "--version-id", OLD)
    assert _refusal(operated, *command)[0] == 1
    operated.rotate_secret(SecretId="alees/dev/database/credentials", ClientRequestToken=NEWER)

    assert answer_of(operated, *command)["revoked_version_id"] == OLD
    assert operated.hand.target.ended == ["old"]


@pytest.mark.parametrize("name", [*COMMANDS, "adopt"])
def test_ctrl_c_ends_every_command_with_130_and_a_hint(operated: OperatedSecret, name: str) -> None:
    operation = {"rotate": "record", "emergency": "record"}.get(name, name)

    def interrupt(called: str) -> None:
        if called == operation:
            raise KeyboardInterrupt

    operated.before = interrupt

    code, told = _refusal(operated, *COMMANDS.get(name, ADOPT), "--json")

    assert (code, told.startswith("interrupted; ")) == (130, True)


@pytest.mark.parametrize("name", [*COMMANDS, "recover"])
def test_ctrl_c_says_that_nothing_was_done_while_the_secret_is_looked_at(operated: OperatedSecret, name: str) -> None:
    def interrupt(called: str) -> None:
        if called == "DescribeSecret":
            raise KeyboardInterrupt

    operated.before = interrupt

    assert _refusal(operated, *COMMANDS.get(name, ("recover", *WHY))) == (130, "interrupted; nothing was done")


@pytest.mark.parametrize("name", ["rotate", "revoke", "rollback"])
def test_nothing_is_done_when_the_question_is_declined(operated: OperatedSecret, name: str) -> None:
    before = dict(operated.hand.store.labels)

    done = run_command(operated, *COMMANDS[name], given="n\n")

    assert done.exit_code == 1
    assert "In Dev, for database/credentials:" in done.stderr
    assert (operated.hand.store.labels, operated.hand.store.tags) == (before, {})


@pytest.mark.parametrize("name", COMMANDS)
def test_it_is_refused_while_somebody_else_rotates(operated: OperatedSecret, name: str) -> None:
    operated.hand.start()

    code, told = _refusal(operated, *COMMANDS[name])

    assert code == 1
    assert "another rotation of database/credentials is not over (version newer-ve); wait for its end" in told
    assert "./alees-secrets recover database/credentials --environment Dev --reason" in told
    assert operated.hand.store.tags == {}


@pytest.mark.parametrize("name", ["revoke", "rollback", "set"])
def test_it_is_refused_when_somebody_else_acted_after_it_looked(operated: OperatedSecret, name: str) -> None:
    def overtake(call: str) -> None:
        if call == name:
            operated.hand.store.values["later"] = value("new")
            operated.hand.store.labels |= {"AWSCURRENT": "later", "AWSPREVIOUS": NEW}

    operated.before = overtake

    code, told = _refusal(operated, *COMMANDS[name])

    assert (code, "refused: overtaken: " in told, "rotation.md#overtaken" in told) == (1, True, True)
    assert operated.hand.store.labels["AWSCURRENT"] == "later"


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
    operated: OperatedSecret,
    name: str,
    before: Callable[[str], None] | None,
    reply: dict[str, Any] | None,
    message: str,
) -> None:
    operated.before, operated.reply = before or operated.before, reply
    labels = dict(operated.hand.store.labels)

    code, told = _refusal(operated, *COMMANDS[name])

    assert code == 1
    assert re.search(message, told), told
    assert operated.hand.store.labels == labels


def test_revoking_again_ends_what_a_failure_left(operated: OperatedSecret) -> None:
    operated.hand.target.dies = 1
    code, told = _refusal(operated, *COMMANDS["revoke"])
    assert (code, "network: it is down" in told) == (1, True)

    done = answer_of(operated, *COMMANDS["revoke"])

    assert (done["revoked_version_id"], operated.hand.target.ended) == (OLD, ["old"])


@pytest.mark.parametrize(("name", "message"), [("revoke", "nothing is to be revoked"), ("rollback", "rotate instead")])
def test_it_is_said_when_there_is_no_version_before(operated: OperatedSecret, name: str, message: str) -> None:
    del operated.hand.store.labels["AWSPREVIOUS"]

    code, told = _refusal(operated, *COMMANDS[name])

    assert (code, message in told) == (1, True)


def test_current_goes_back(operated: OperatedSecret) -> None:
    assert answer_of(operated, *COMMANDS["rollback"]) == {"path": DATABASE, "version_id": OLD}


def test_a_pending_rotation_is_finished_with_its_own_version(operated: OperatedSecret) -> None:
    operated.hand.start()

    done = answer_of(operated, "recover", *WHY)

    assert [(each["version_id"], each["step"], each["outcome"]) for each in done] == [(NEWER, "setSecret", "finished")]
    assert operated.calls == ["GetCallerIdentity", "diagnose", "record", "RotateSecret"]


def test_a_pending_rotation_is_given_up_when_that_is_asked_for(operated: OperatedSecret) -> None:
    operated.hand.start()

    (done,) = answer_of(operated, "recover", DATABASE, "--discard", *WHY)

    assert (done["outcome"], "AWSPENDING" in operated.hand.store.labels) == ("discarded", False)
    assert operated.hand.store.labels["AWSCURRENT"] == NEW


def test_a_value_that_can_never_work_is_given_up_after_it_was_said(operated: OperatedSecret) -> None:
    operated.hand.start("unusable")

    done = run_command(operated, "recover", *WHY, given="y\n")

    assert "Its value can never work." in done.stderr
    assert "the AWSPENDING value is odd" in done.stderr
    assert done.exit_code == 0
    assert "database/credentials: discarded" in done.stdout


@pytest.mark.parametrize("pending", ["newer", None])
def test_a_rotation_is_left_when_something_stands_in_its_way(operated: OperatedSecret, pending: str | None) -> None:
    operated.hand.start(pending)
    operated.hand.target.failure = RotationError(Cause.NETWORK, "it is down")

    code, told = _refusal(operated, "recover", *WHY)

    assert code == 1
    assert "cannot be finished yet (network: it is down); mend that (docs/runbooks/rotation.md)" in told
    assert operated.hand.store.labels["AWSPENDING"] == NEWER
    assert "RotateSecret" not in operated.calls


def test_a_rotation_is_left_when_its_function_cannot_say_anything(operated: OperatedSecret) -> None:
    operated.hand.start()
    operated.reply = {"errorMessage": "Runtime.ImportModuleError"}

    code, told = _refusal(operated, "recover", *WHY)

    assert (code, "crashed: Runtime.ImportModuleError" in told) == (1, True)


@pytest.mark.parametrize(("minutes", "said"), [(1, True), (60, False)])
def test_it_is_said_when_a_rotation_may_be_running_still(operated: OperatedSecret, minutes: int, *, said: bool) -> None:
    operated.hand.start()
    operated.age = timedelta(minutes=minutes)

    done = run_command(operated, "recover", *WHY, given="n\n")

    assert ("It is so young that it may be running still" in done.stderr) is said
    assert "To be done next: setSecret." in done.stderr
    assert operated.hand.store.labels["AWSPENDING"] == NEWER


def test_it_is_said_when_nothing_is_stuck(operated: OperatedSecret) -> None:
    done = run_command(operated, "recover", DATABASE, *WHY)

    assert (done.exit_code, done.stdout) == (0, "No rotation is stuck.\n")


@pytest.mark.parametrize(
    ("path", "logins", "plan"),
    [
        (DATABASE, 2, "the one before works on"),
        (DATABASE, 1, "a new password takes the place of the one in use"),
        ("jwt/credentials", 1, "the one before works on"),
    ],
)
def test_the_plan_of_a_rotation_says_what_becomes_of_the_value_in_use(
    operated: OperatedSecret, path: str, logins: int, plan: str
) -> None:
    operated.keep_logins(logins)

    assert plan in run_command(operated, "rotate", path, *WHY, given="n\n").stderr


def test_a_kind_of_which_one_fails_ends_with_code_1(operated: OperatedSecret) -> None:
    operated.hand.start()

    code, told = _refusal(operated, "rotate", "--kind", "database", *WHY)

    assert (code, "is not over" in told) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rotate", "database/credential", *WHY), "secret is 'database/credential'; Dev declares"),
        (("rotate", *WHY), "give one secret's NAME, or --kind for all of a kind"),
        (("rotate", DATABASE, "--kind", "jwt", *WHY), "give one secret's NAME, or --kind for all of a kind"),
        (("rotate", "--kind", "email", *WHY), "--kind is email; Dev rotates"),
        (("rotate", "email/credentials", *WHY), "does not rotate in Dev: ./alees-secrets set email/credentials"),
        (("rotate", "--emergency", DATABASE, "--reason", "r"), "--emergency needs --incident"),
        (("rotate", DATABASE, "--reason", " "), "--reason has 0 characters; allowed are 1 to 256"),
        (("revoke", DATABASE, "--reason", "r", "--incident", "i" * 257), "--incident has 257 characters"),
        (("recover", "else", *WHY), "secret is 'else'; Dev declares"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_done(
    operated: OperatedSecret, arguments: tuple[str, ...], message: str
) -> None:
    code, told = _refusal(operated, *arguments)

    assert (code, message in told) == (2, True), told
    assert set(operated.calls) <= {"GetCallerIdentity"}


@pytest.mark.parametrize("name", [*COMMANDS, "recover"])
def test_a_reason_is_required(operated: OperatedSecret, name: str) -> None:
    arguments = [each for each in COMMANDS.get(name, ("recover",)) if each not in {"--reason", "a leak"}]

    done = run_command(operated, *arguments, "--yes")

    assert (done.exit_code, "Missing option '--reason'" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", [*COMMANDS, "recover"])
def test_nothing_is_asked_of_machines(operated: OperatedSecret, name: str) -> None:
    arguments = COMMANDS.get(name, ("recover", *WHY))

    code, told = error_of(run_command(operated, *arguments, "--json"))

    assert (code, told) == (2, "--json asks no questions; give --yes")


@pytest.mark.parametrize(
    ("error", "ending"), [(StoppedError("stop"), "stop; not begun: c"), (OperationError("no"), "no")]
)
def test_machines_read_what_was_done_when_the_rest_was_not(
    capsys: pytest.CaptureFixture[str], error: OperationError, ending: str
) -> None:
    def do(path: str) -> Done:
        if path == "b":
            raise error
        return Done({"path": path}, path)

    with pytest.raises(type(error), match=f"^{ending}$"):
        rotate_each(["a", "b", "c"], do, as_json=True)

    done = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in done] == (["a"] if isinstance(error, StoppedError) else ["a", "c"])


@pytest.mark.parametrize(
    ("pending", "call", "options", "advised"),
    [
        ("newer", "discard", ["--discard"], True),
        ("unusable", "discard", [], True),
        ("newer", "RotateSecret", [], False),
    ],
)
def test_machines_read_what_was_recovered_before_ctrl_c_and_a_rotation_is_advised_after_a_discard(
    operated: OperatedSecret, pending: str, call: str, options: list[str], *, advised: bool
) -> None:
    def interrupt(called: str) -> None:
        if called == call:
            raise KeyboardInterrupt

    operated.hand.start(pending)
    operated.hand.target.accepted.add("newer")
    operated.before = interrupt

    done = run_command(operated, "recover", *options, *WHY, "--yes", "--json")

    code, told = error_of(done)
    assert (code, done.stdout.splitlines()[-1]) == (130, "[]")
    assert "./alees-secrets recover again" in told
    assert ("./alees-secrets rotate: what the value opens may work until then" in told) is advised


def test_machines_are_told_whether_revoking_ends_the_credential(operated: OperatedSecret) -> None:
    assert answer_of(operated, *COMMANDS["revoke"]) == {
        "path": DATABASE,
        "revoked_version_id": OLD,
        "ended_at_target": True,
        "sessions_ended": 2,
    }
