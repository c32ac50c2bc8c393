from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.prove.__main__ import look, main, prove
from tests.prove.checks.check import Check, Seen, Verdict
from tests.prove.errors import ProveError
from tests.prove.sandbox import Sandbox
from tests.prove.settings import EXAMPLE
from tests.unit.prove.fake_stacks import FakeSession

PASSES = Check("x", "y", lambda _: Seen(Verdict.PASSED, "z"), shown_locally=False)


def _raises(error: Exception) -> Check:
    def look_(_: Sandbox) -> Seen:
        raise error

    return Check("x", "y", look_)


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ("", "prove: ACCOUNT is ''; allowed are the twelve digits"),
        ("[/]:secret:", "prove: ACCOUNT is '[/]:secret:'; allowed are the twelve digits"),
        ("222233334444", "prove: ACCOUNT is 222233334444, where config/environments.py has Staging"),
        ("123412341234", "sandbox.json is missing; write it, such as:"),
    ],
)
def test_exit_code_is_2_and_one_clear_error_is_printed_when_a_guard_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], account: str, message: str
) -> None:
    code = main(["--account", account, "--sandbox", str(tmp_path / "sandbox.json")])

    captured = capsys.readouterr()
    assert (code, captured.out) == (2, "")
    assert message in captured.err


def test_one_clear_error_is_printed_when_the_profile_does_not_exist(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    file = tmp_path / "sandbox.json"
    file.write_text(EXAMPLE)

    code = main(["--account", "123412341234", "--sandbox", str(file)])

    assert (code, capsys.readouterr().err) == (
        2,
        "prove: AWS did not answer (ProfileNotFound); check the network and the credentials\n",
    )


def test_check_is_not_done_when_the_local_aws_cannot_show_it(sandbox: Sandbox) -> None:
    assert look(PASSES, sandbox, local_aws=True).verdict is Verdict.NOT_SHOWN


def test_every_check_is_done_when_the_account_is_real(sandbox: Sandbox) -> None:
    assert look(PASSES, sandbox, local_aws=False) == Seen(Verdict.PASSED, "z")


def test_check_fails_with_the_message_when_it_cannot_be_done(sandbox: Sandbox) -> None:
    assert look(_raises(ProveError("no role")), sandbox, local_aws=False) == Seen(Verdict.FAILED, "no role")


def test_check_fails_without_the_message_when_an_unknown_error_could_hold_a_value(sandbox: Sandbox) -> None:
    found = look(_raises(ValueError("planted-value")), sandbox, local_aws=False)

    assert found == Seen(Verdict.FAILED, "ValueError in the check itself")


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (ProveError("cdk deploy failed, as it says above"), "cdk deploy failed, as it says above"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeStacks"),
            "DescribeStacks answered AccessDenied",
        ),
        (KeyboardInterrupt(), "interrupted"),
        (ValueError("planted-value"), "ValueError in the run itself"),
    ],
)
def test_everything_is_destroyed_and_the_failure_told_when_a_run_ends_early(
    session: FakeSession, sandbox: Sandbox, error: BaseException, failure: str
) -> None:
    for stack in sandbox.stacks:
        session.regions[stack.region].made[stack.name] = ()
    session.regions["eu-central-1"].error = error

    report = prove(sandbox, Path("unread"), local_aws=False)

    assert (report.failure, report.results, report.left, report.proved) == (failure, [], [], False)
    assert all(not region.made for region in session.regions.values())
