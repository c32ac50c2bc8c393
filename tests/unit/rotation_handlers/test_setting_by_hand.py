"""A value that a person sets: tried first, in place of the one that the person saw, and no third credential lives."""

from collections.abc import Callable

import pytest

from rotation_handlers.errors import Cause, RotationError
from tests.fakes.hand import NEW, NEWER, OLD, SET, TOKEN, Hand, refused, value


def test_a_value_is_set_when_the_target_accepts_it(hand: Hand) -> None:
    hand.target.accepted.add("set")

    assert hand.do("set", NEW, **SET) == {"version": TOKEN, "outcome": "set", "counts": {}}
    assert hand.store.labels == {"AWSCURRENT": TOKEN, "AWSPREVIOUS": NEW}
    assert hand.store.current()["password"] == "set"


def test_it_is_told_when_the_target_could_not_know_the_value_before(hand: Hand) -> None:
    hand.target.accepted.add("set")
    hand.target.knows_early = False

    assert hand.do("set", NEW, **SET)["outcome"] == "set-by-form"


@pytest.fixture
def issued(hand: Hand) -> Hand:
    """A secret whose credentials somebody issues: they work on without a label. The value to set works too."""
    hand.target.issued = True
    hand.target.accepted.add("set")
    return hand


def test_the_credential_that_would_lose_its_label_is_ended_before_an_issued_value_is_set(issued: Hand) -> None:
    current: dict[str, list[str]] = {}
    issued.store.before = lambda call: current.setdefault(call, list(issued.target.ended))

    answer = issued.do("set", NEW, **SET)

    assert answer == {"version": TOKEN, "outcome": "set", "counts": {"sessions_ended": 2}}
    assert issued.store.labels == {"AWSCURRENT": TOKEN, "AWSPREVIOUS": NEW, "alees-revoked": OLD}
    assert issued.target.accepted == {"new", "set"}
    assert current["PutSecretValue"] == ["old"]


def test_what_a_failed_try_retired_is_ended_by_the_next_one(issued: Hand) -> None:
    issued.target.dies = 1
    with pytest.raises(RotationError, match="it is down"):
        issued.do("set", NEW, **SET)
    assert issued.store.labels == {"AWSCURRENT": NEW, "alees-revoked": OLD}

    issued.do("set", NEW, **SET)

    assert issued.target.ended == ["old"]
    assert issued.store.labels == {"AWSCURRENT": TOKEN, "AWSPREVIOUS": NEW, "alees-revoked": OLD}


def test_nothing_is_ended_when_the_value_that_is_set_is_current_already(issued: Hand) -> None:
    issued.do("set", NEW, **SET)
    before = dict(issued.store.labels), dict(issued.store.values), list(issued.target.ended)
    issued.store.tags.clear()

    answer = issued.do("set", TOKEN, **{**SET, "Token": TOKEN[::-1]})

    assert answer == {"version": TOKEN, "outcome": "set"}
    assert (issued.store.labels, issued.store.values, issued.target.ended) == before
    assert issued.store.tags["alees:last-operation"] == "set"
    assert issued.target.accepted == {"new", "set"}


def _share_currents(hand: Hand) -> None:
    hand.store.values[OLD] = value("new")


def _set_the_old_one(hand: Hand) -> None:
    hand.store.values[OLD] = value("set")


def _damage_the_old_one(hand: Hand) -> None:
    hand.store.values[OLD] = "{"


def _forget_the_old_one(hand: Hand) -> None:
    del hand.store.labels["AWSPREVIOUS"]


@pytest.mark.parametrize("change", [_share_currents, _set_the_old_one, _damage_the_old_one, _forget_the_old_one])
def test_no_credential_is_ended_that_goes_on_or_is_not_known_when_a_value_is_set(
    issued: Hand, change: Callable[[Hand], None]
) -> None:
    change(issued)

    assert issued.do("set", NEW, **SET)["version"] == TOKEN
    assert issued.target.ended == []


def test_nobody_is_asked_to_end_a_credential_when_a_value_is_set_untested(issued: Hand) -> None:
    issued.do("set", NEW, **SET, Untested=True)

    assert issued.target.ended == []
    assert issued.store.labels["AWSCURRENT"] == TOKEN


def test_no_value_is_set_when_current_moved_while_a_credential_was_ended(issued: Hand) -> None:
    def move(call: str) -> None:
        if call == "UpdateSecretVersionStage":
            issued.store.labels["AWSCURRENT"] = NEWER

    issued.store.after = move

    with pytest.raises(RotationError, match="moved meanwhile"):
        issued.do("set", NEW, **SET)

    assert TOKEN not in issued.store.values


def test_a_value_is_set_in_place_of_a_damaged_one_and_the_older_credential_is_ended(issued: Hand) -> None:
    issued.store.values[NEW] = "{"

    issued.do("set", NEW, **SET)

    assert issued.target.ended == ["old"]


def test_a_value_is_set_untried_only_when_that_is_asked_for(hand: Hand) -> None:
    refused(hand, Cause.AUTHENTICATION, "refused", "set", NEW, **SET)

    assert hand.do("set", NEW, **SET, Untested=True)["outcome"] == "set"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"password": ""}, "the value is not a valid database secret: password is empty"),
        ({"port": "5432"}, "port is of type str, not an integer"),
        ({"more": "x"}, "more is not a field of it"),
        (None, "lacks Value"),
    ],
)
def test_a_value_is_refused_when_it_is_not_the_kinds(hand: Hand, wrong: dict[str, object] | None, message: str) -> None:
    fields = None if wrong is None else {**SET["Value"], **wrong}

    refused(hand, Cause.BAD_EVENT, message, "set", NEW, Token=TOKEN, Value=fields)


@pytest.mark.parametrize("meanwhile", [{"AWSPENDING": NEWER}, {"AWSCURRENT": NEWER}])
def test_no_value_is_set_when_the_labels_move_before_the_fence(hand: Hand, meanwhile: dict[str, str]) -> None:
    hand.target.in_fence = lambda: hand.store.labels.update(meanwhile)

    with pytest.raises(RotationError):
        hand.do("set", NEW, **SET, Untested=True)

    assert TOKEN not in hand.store.values
