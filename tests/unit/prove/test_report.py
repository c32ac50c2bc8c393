import json

from rich.console import Console

from tests.prove.checks.check import Check, Seen, Verdict
from tests.prove.report import Report, announcement
from tests.prove.sandbox import Sandbox


def _result(verdict: Verdict) -> tuple[Check, Seen]:
    return Check("key-refuses", "denied", lambda _: Seen(verdict, "")), Seen(verdict, "was allowed")


def test_table_has_check_seen_expected_and_verdict_when_it_is_printed() -> None:
    console = Console(width=120)
    with console.capture() as captured:
        console.print(Report([_result(Verdict.FAILED)]).table())

    (row,) = (line for line in captured.get().splitlines() if "key-refuses" in line)
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == ["key-refuses", "was allowed", "denied", "FAIL"]


def test_machines_get_the_same_when_it_is_json() -> None:
    report = json.loads(Report([_result(Verdict.PASSED)], failure="interrupted", left=["a stack"]).as_json())

    assert report == {
        "proved": False,
        "checks": [{"check": "key-refuses", "seen": "was allowed", "expected": "denied", "verdict": "pass"}],
        "failure": "interrupted",
        "left": ["a stack"],
    }


def test_nothing_is_proved_when_a_check_failed_or_the_run_did_or_something_is_left() -> None:
    passed = _result(Verdict.PASSED)

    assert Report([passed, _result(Verdict.NOT_SHOWN)]).proved
    assert not Report([passed, _result(Verdict.FAILED)]).proved
    assert not Report([passed], failure="interrupted").proved
    assert not Report([passed], left=["a stack"]).proved


def test_every_stack_cost_and_what_stays_is_said_when_a_run_is_announced(sandbox: Sandbox) -> None:
    text = announcement(sandbox)

    for said in (*(stack.name for stack in sandbox.stacks), "US dollar", "destroys", "alees_sandbox_owner", "30 days"):
        assert said in text
