"""What createSecret ends to make room: only what it listed before its last look, and never AWSCURRENT's."""

import json

import pytest

from alees_secrets.values import SecretFields
from rotation_handlers.errors import Cause, OvertakenError, RotationError
from rotation_handlers.rotation import Step
from rotation_handlers.versions import StoredVersion
from tests.unit.rotation_handlers.issued.issuing import Issued, lose, once


def test_nothing_is_ended_when_the_list_shows_currents_credential_under_another_id(issued: Issued) -> None:
    issued.rotate()
    current = issued.rotate()
    live, names = issued.issuer.live, issued.issuer.names
    live["masked"] = live.pop(issued.store.current()["api_key"])
    names["masked"] = current
    before = dict(issued.store.labels), dict(live)
    token = issued.start()

    with pytest.raises(RotationError, match="named for AWSCURRENT's version.*see the paths of the list") as refused:
        issued.step(Step.CREATE, token)

    assert refused.value.cause is Cause.PROVIDER
    before[0]["AWSPENDING"] = token
    assert (issued.store.labels, live) == before
    with pytest.raises(RotationError, match="named for AWSCURRENT's version"):
        issued.strategy().require_source(StoredVersion(current, SecretFields(issued.store.current())))


def test_a_stray_is_ended_when_it_is_named_for_currents_version_too(issued: Issued) -> None:
    current = issued.rotate()
    issued.issuer.live["stray"], issued.issuer.names["stray"] = "its-secret", current

    issued.rotate()

    assert "stray" not in issued.issuer.live
    assert issued.works()
    assert issued.works("AWSPREVIOUS")


def test_it_rotates_when_a_person_set_a_credential_that_no_list_shows(issued: Issued) -> None:
    issued.issuer.live["by-hand"] = "its-secret"
    issued.issuer.foreign.add("by-hand")
    issued.store.values["set"] = json.dumps({"api_key": "by-hand", "api_secret": "its-secret"})
    issued.store.labels["AWSCURRENT"] = "set"

    issued.rotate()

    assert issued.works()
    assert issued.works("AWSPREVIOUS")


def test_a_credential_is_not_ended_when_another_delivery_stores_it_just_before(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()
    token = issued.start()
    issued.issuer.after = once("create", lose)  # the first delivery has made it, and stores it late
    with pytest.raises(RotationError, match="lost"):
        issued.step(Step.CREATE, token)
    (made,) = set(issued.issuer.live) - {issued.store.current()["api_key"]}
    value = json.dumps({"api_key": made, "api_secret": issued.issuer.live[made]})
    issued.store.labels["AWSPREVIOUS"] = issued.store.labels.pop("alees-revoked")

    def store_late(call: str) -> None:
        if call == "UpdateSecretVersionStage" and "AWSPREVIOUS" not in issued.store.labels:
            issued.store.values[token] = value

    issued.store.after = store_late

    with pytest.raises(OvertakenError):
        issued.step(Step.CREATE, token)

    assert issued.works("AWSPENDING")
    assert issued.works()


def test_no_credential_is_made_when_another_delivery_stores_a_value_after_the_last_end(issued: Issued) -> None:
    issued.rotate()
    issued.rotate()
    token = issued.start()
    issued.issuer.after = once("revoke", lambda: issued.step(Step.CREATE, token))

    with pytest.raises(OvertakenError):
        issued.step(Step.CREATE, token)

    assert issued.issuer.made.count(token) == 1
    assert issued.works("AWSPENDING")
    assert issued.works()
