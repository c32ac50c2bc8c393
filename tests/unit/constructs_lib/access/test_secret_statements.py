"""What a rule becomes in a policy, where the templates do not show it."""

import pytest
from aws_cdk import App, Stack

from config.access import Action, Rule
from config.environments import prod
from constructs_lib.access.secret_statements import secret_statements, shortened
from constructs_lib.errors import AccessError


def test_what_is_allowed_is_told_when_no_condition_can_say_the_values() -> None:
    rule = Rule(duty="clerk", actions=frozenset({Action.READ_CURRENT, Action.READ_PENDING}), names=("a",))

    with pytest.raises(AccessError, match="^clerk is to read current, read pending; allowed is current and previous"):
        list(secret_statements(Stack(App(), "Stack"), prod(), rule))


def test_one_pattern_stands_for_all_api_keys_when_names_are_shortened() -> None:
    names = ("alees/prod/api/one/key", "alees/prod/api/two/key", "alees/prod/database/credentials", "rds!x")

    assert shortened(names) == ("alees/prod/api/*/key", "alees/prod/database/credentials", "rds!x")
