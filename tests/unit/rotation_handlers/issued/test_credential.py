"""Rotation of credentials that somebody else issues: two at most, none that nobody knows, AWSCURRENT's never ended."""

import json

import pytest

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, OvertakenError, RotationError, UnusablePendingError
from rotation_handlers.issued.credential import PAUSE_SECONDS, REFUSALS
from rotation_handlers.rotation import Outcome, Step
from rotation_handlers.strategy import Revocation, Revoked
from tests.unit.rotation_handlers.issued.issuing import Issued, lose, once


def test_the_credential_before_works_until_the_next_rotation_when_it_rotates(issued: Issued) -> None:
    first, second = issued.rotate(), issued.rotate()

    assert issued.works()
    assert issued.works("AWSPREVIOUS")
    assert issued.store.labels["AWSPREVIOUS"] == first
    assert issued.issuer.made == [first, second]

    issued.rotate()

    assert issued.works()
    assert len(issued.issuer.live) == 2


def test_no_label_leads_back_to_the_credential_that_makes_room_when_it_is_ended(issued: Issued) -> None:
    first = issued.rotate()
    issued.rotate()
    seen: dict[str, str] = {}
    issued.issuer.before = once("revoke", lambda: seen.update(issued.store.labels))

    issued.step(Step.CREATE, issued.start())

    assert seen["alees-revoked"] == first
    assert "AWSPREVIOUS" not in seen


def test_the_value_is_kept_when_create_secret_comes_twice(issued: Issued) -> None:
    token = issued.start()
    issued.step(Step.CREATE, token)
    value = issued.store.values[token]

    assert issued.step(Step.CREATE, token).outcome is Outcome.DONE
    assert issued.store.values[token] == value
    assert issued.issuer.made == [token]


@pytest.mark.parametrize("anew", [False, True])
def test_what_was_made_and_not_stored_is_ended_when_create_secret_comes_again(issued: Issued, *, anew: bool) -> None:
    issued.rotate()
    token = issued.start()
    issued.issuer.after = once("create", lose)
    with pytest.raises(RotationError, match="lost"):
        issued.step(Step.CREATE, token)
    (stray,) = set(issued.issuer.live) - {issued.store.current()["api_key"]}

    issued.step(Step.CREATE, issued.start() if anew else token)

    assert stray not in issued.issuer.live
    assert len(issued.issuer.live) == 2
    assert issued.works()


def test_nothing_is_ended_when_the_issuer_cannot_be_asked(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()
    before = dict(issued.store.labels), dict(issued.issuer.live)
    issued.issuer.before = once("list", lose)

    with pytest.raises(RotationError, match="lost"):
        issued.step(Step.CREATE, issued.start())

    issued.store.labels.pop("AWSPENDING")
    before[0].pop("AWSPENDING", None)
    assert (issued.store.labels, issued.issuer.live) == before


@pytest.mark.parametrize("call", ["list", "revoke", "create"])
def test_current_works_and_two_are_left_when_a_newer_rotation_comes_in_between(issued: Issued, call: str) -> None:
    issued.rotate()
    issued.rotate()
    issued.issuer.before = once(call, issued.rotate)

    try:
        issued.step(Step.CREATE, issued.start())
    except RotationError:
        assert issued.works()
    else:
        pytest.fail("the older rotation went on")
    issued.store.labels.pop("AWSPENDING", None)
    issued.rotate()

    assert issued.works()
    assert len(issued.issuer.live) == 2


def test_nothing_is_ended_when_current_moves_back_to_the_version_before(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()

    def roll_back() -> None:
        labels = issued.store.labels
        labels["AWSCURRENT"], labels["AWSPREVIOUS"] = labels["AWSPREVIOUS"], labels["AWSCURRENT"]

    issued.issuer.before = once("list", roll_back)

    with pytest.raises(OvertakenError):
        issued.step(Step.CREATE, issued.start())

    assert issued.works()
    assert issued.works("AWSPREVIOUS")
    assert issued.store.labels["alees-revoked"] == "first"


def test_nothing_is_ended_when_another_delivery_of_the_step_has_stored_a_value(issued: Issued) -> None:
    issued.rotate()
    token = issued.start()
    issued.issuer.before = once("list", lambda: issued.step(Step.CREATE, token))

    with pytest.raises(OvertakenError):
        issued.step(Step.CREATE, token)

    assert issued.works("AWSPENDING")


def test_a_new_credential_is_waited_for_when_it_does_not_work_yet(issued: Issued) -> None:
    token = issued.start()
    issued.step(Step.CREATE, token)
    issued.issuer.refusals = REFUSALS - 1

    issued.step(Step.TEST, token)

    assert issued.slept == [PAUSE_SECONDS] * (REFUSALS - 1)


def test_the_value_is_discarded_and_the_next_rotation_makes_another_when_it_is_refused(issued: Issued) -> None:
    token = issued.start()
    issued.step(Step.CREATE, token)
    issued.issuer.live.clear()

    with pytest.raises(UnusablePendingError):
        issued.step(Step.TEST, token)

    assert issued.store.labels.get("AWSPENDING") != token
    issued.rotate()
    assert issued.works()


def test_the_value_is_kept_when_it_could_not_be_tried(issued: Issued) -> None:
    token = issued.start()
    issued.step(Step.CREATE, token)
    issued.issuer.before = once("verify", lose)

    with pytest.raises(RotationError, match="lost"):
        issued.step(Step.TEST, token)

    assert issued.store.labels["AWSPENDING"] == token


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"api_secret": 1}, "api_secret is of type int"),
        ({"more": "x"}, "more is not a field"),
        ({"api_key": "key-1"}, "has the credential that AWSCURRENT uses"),
    ],
)
def test_a_pending_value_is_discarded_when_it_can_never_be_used(
    issued: Issued, changed: dict[str, str | int], reason: str
) -> None:
    issued.rotate()
    token = issued.start()
    issued.store.values[token] = json.dumps({"api_key": "key-2", "api_secret": "secret-2"} | changed)

    with pytest.raises(UnusablePendingError, match=reason):
        issued.step(Step.SET, token)

    assert "AWSPENDING" not in issued.store.labels


def test_current_goes_back_when_the_canary_finds_it_refused(issued: Issued) -> None:
    first = issued.rotate()
    issued.rotate()
    issued.issuer.live.pop(issued.store.current()["api_key"])

    with pytest.raises(RotationError) as refused:
        issued.canary()

    assert refused.value.cause is Cause.CANARY_ROLLED_BACK
    assert issued.store.labels["AWSCURRENT"] == first
    assert issued.works()


def test_the_canary_does_not_go_back_when_the_version_before_was_retired(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()
    token = issued.start()
    issued.step(Step.CREATE, token)
    issued.store.labels.pop("AWSPENDING")
    issued.issuer.live.clear()

    with pytest.raises(RotationError) as refused:
        issued.canary()

    assert refused.value.cause is Cause.CANARY_REFUSED


def test_an_older_credential_is_ended_once_and_again_when_it_is_revoked(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()
    store = issued.store
    previous, current = (SecretFields(store.fields(store.labels[each])) for each in ("AWSPREVIOUS", "AWSCURRENT"))

    for _ in range(2):
        assert issued.strategy().revoke(Revocation(previous, current)) == Revoked(in_use=False, counts={"revoked": 1})

    assert not issued.works("AWSPREVIOUS")
    assert issued.works()


def test_the_credential_in_use_is_not_ended_when_it_is_to_be_revoked(issued: Issued) -> None:
    issued.rotate()
    current, another = SecretFields(issued.store.current()), SecretFields({"api_key": "another"})

    for first, second in ((current, None), (current, another), (another, current)):
        assert issued.strategy().revoke(Revocation(current, first, second)) == Revoked(in_use=True)

    assert issued.works()


def test_the_credential_of_a_pending_value_is_ended_when_it_is_discarded(issued: Issued) -> None:
    issued.rotate()
    token = issued.start()
    issued.step(Step.CREATE, token)

    issued.strategy().discard(SecretFields(issued.store.fields(token)), SecretFields(issued.store.current()))

    assert not issued.works("AWSPENDING")
    assert issued.works()


@pytest.mark.parametrize("pending", [None, {"api_key": "key-1"}, {}], ids=["currents", "half", "empty"])
def test_nothing_is_ended_when_what_is_discarded_has_currents_credential_or_none(
    issued: Issued, pending: dict[str, str] | None
) -> None:
    issued.rotate()
    current = SecretFields(issued.store.current())

    issued.strategy().discard(current if pending is None else SecretFields(pending), current)

    assert issued.works()


def test_the_placeholder_opens_nothing_at_an_issuer(issued: Issued) -> None:
    issued.rotate()

    assert issued.strategy().revoke(Revocation(None, SecretFields(issued.store.current()))) == Revoked(in_use=False)
    assert issued.works()


def test_a_credential_is_ended_though_another_version_before_has_none(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()
    store = issued.store
    previous, current = (SecretFields(store.fields(store.labels[each])) for each in ("AWSPREVIOUS", "AWSCURRENT"))

    assert not issued.strategy().revoke(Revocation(previous, current, SecretFields({}))).in_use
    assert not issued.works("AWSPREVIOUS")


@pytest.mark.parametrize(("kept", "outlives"), [(["key-2"], True), (["key-2", "key-1"], False), ([], True)])
def test_a_credential_works_on_without_a_label_unless_another_value_has_it(
    issued: Issued, kept: list[str], *, outlives: bool
) -> None:
    others = [SecretFields({"api_key": each}) for each in kept]

    assert issued.strategy().outlives(SecretFields({"api_key": "key-1"}), others) is outlives


def test_it_is_told_when_the_issuer_goes_on_accepting_what_was_revoked(issued: Issued) -> None:
    issued.rotate()
    current = SecretFields(issued.store.current())
    issued.issuer.live["set-by-hand"] = "its-secret"
    issued.issuer.foreign.add("set-by-hand")

    value = SecretFields({"api_key": "set-by-hand", "api_secret": "its-secret"})
    with pytest.raises(RotationError, match="still accepts the revoked credential") as told:
        issued.strategy().revoke(Revocation(value, current))

    assert told.value.cause is Cause.PROVIDER
    assert issued.works()
