import io

import pytest

from config.environments import declared
from tests.prove import guards
from tests.prove.errors import RefusedError
from tests.prove.sandbox import Sandbox
from tests.unit.prove.conftest import ACCOUNT
from tests.unit.prove.fake_stacks import FakeSession


class Terminal(io.StringIO):
    """Standard input with a person before it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("account", ["", "12341234123", "1234-1234-1234", "1234123412345", "sandbox"])
def test_number_is_refused_when_it_is_no_accounts(account: str) -> None:
    with pytest.raises(RefusedError, match="allowed are the twelve digits of a sandbox"):
        guards.require_sandbox_number(account, declared())


def test_number_is_refused_when_config_names_it() -> None:
    with pytest.raises(RefusedError, match="where config/environments.py has Prod; take an account of no environment"):
        guards.require_sandbox_number("111122223333", declared())


def test_number_is_taken_when_no_environment_has_it() -> None:
    guards.require_sandbox_number("123412341234", declared())


def test_credentials_are_refused_when_they_are_another_accounts(sandbox: Sandbox) -> None:
    with pytest.raises(RefusedError, match=f"the credentials belong to account {ACCOUNT}; ACCOUNT is 123412341234"):
        guards.require_credentials(sandbox.session, "123412341234")


def test_credentials_are_taken_when_they_are_the_accounts(sandbox: Sandbox) -> None:
    guards.require_credentials(sandbox.session, ACCOUNT)


@pytest.mark.parametrize("index", range(4))
def test_account_is_refused_when_it_has_one_of_the_stacks(session: FakeSession, sandbox: Sandbox, index: int) -> None:
    stack = sandbox.stacks[index]
    session.regions[stack.region].made[stack.name] = ()

    with pytest.raises(RefusedError, match=f"{stack.name} exists in .* this would destroy it"):
        guards.require_no_stacks(sandbox)


def test_account_is_taken_when_it_has_none_of_the_stacks(sandbox: Sandbox) -> None:
    guards.require_no_stacks(sandbox)


def test_run_is_refused_when_nobody_can_be_asked() -> None:
    with pytest.raises(RefusedError, match=f"standard input is no terminal; give --yes-account {ACCOUNT}"):
        guards.require_consent(ACCOUNT, None, io.StringIO(ACCOUNT), io.StringIO())


@pytest.mark.parametrize("typed", ["", "yes\n", "123412341234\n"])
def test_run_is_refused_when_another_number_is_typed(typed: str) -> None:
    with pytest.raises(RefusedError, match=f"allowed is {ACCOUNT}; nothing was made"):
        guards.require_consent(ACCOUNT, None, Terminal(typed), io.StringIO())


def test_run_is_refused_when_the_command_gives_another_number() -> None:
    with pytest.raises(RefusedError, match="the number given is '123412341234'"):
        guards.require_consent(ACCOUNT, "123412341234", Terminal(ACCOUNT), io.StringIO())


def test_person_is_asked_for_the_number_when_the_command_does_not_give_it() -> None:
    prompt = io.StringIO()

    guards.require_consent(ACCOUNT, None, Terminal(f"{ACCOUNT}\n"), prompt)

    assert prompt.getvalue() == f"Type the account's number {ACCOUNT} to go on: "


def test_nobody_is_asked_when_the_command_gives_the_number() -> None:
    prompt = io.StringIO()

    guards.require_consent(ACCOUNT, ACCOUNT, io.StringIO(), prompt)

    assert prompt.getvalue() == ""
