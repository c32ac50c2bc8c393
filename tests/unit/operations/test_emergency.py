"""What an emergency says when it fails half-way: what works still, and what ends that."""

import pytest

from operations.errors import OperationError
from tests.fakes.hand import NEW
from tests.fakes.operated import OperatedSecret, answer_of, denied, error_of, run_command

DATABASE = "database/credentials"
WHY = ("--reason", "a leak", "--incident", "INC-7")
ENDING = f"./alees-secrets revoke {DATABASE} --version-id {NEW} --environment Dev --reason 'a leak' --incident INC-7"


def test_it_is_said_first_how_to_end_the_version_before_too(operated: OperatedSecret) -> None:
    done = run_command(operated, "rotate", "--emergency", DATABASE, *WHY, given="n\n")

    last = "If it is the version before that leaked, first end that one and its sessions: ./alees-secrets revoke"
    assert last in " ".join(done.stderr.split())
    assert operated.calls == ["GetCallerIdentity"]


@pytest.mark.parametrize(
    ("call", "left"),
    [
        ("verify", "The old credential was NOT revoked; when the new one works, run not this again but: "),
        ("revoke", "The old credential may still work; run not this again but: "),
    ],
)
def test_the_command_that_ends_the_old_credential_is_told_when_the_function_fails(
    operated: OperatedSecret, call: str, left: str
) -> None:
    def fail(called: str) -> None:
        if called == call:
            raise denied("Invoke")

    operated.before = fail

    done = run_command(operated, "rotate", "--emergency", DATABASE, *WHY, "--yes")
    code, told = error_of(done)

    assert (code, told.endswith(f"Invoke answered AccessDeniedException. {left}{ENDING}")) == (1, True), told
    assert isinstance(done.exception, OperationError)
    assert done.exception.__context__ is None
    operated.before = lambda _: None
    assert answer_of(operated, "revoke", DATABASE, "--version-id", NEW, *WHY)["revoked_version_id"] == NEW
    assert operated.hand.target.ended == ["new"]
