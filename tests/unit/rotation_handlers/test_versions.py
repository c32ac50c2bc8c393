"""What happens to an older version's labels before its credential is ended."""

import json
from typing import Any, cast

import pytest

from rotation_handlers.deadline import Deadline
from rotation_handlers.errors import OvertakenError
from rotation_handlers.versions import StoredVersions
from tests.fakes.lambda_context import FakeContext
from tests.fakes.secrets_manager import ARN, FakeSecretsManager


def _store(**labels: str) -> FakeSecretsManager:
    return FakeSecretsManager(
        values={version: json.dumps({"api_key": version}) for version in ("older", "old", "new")}, labels=labels
    )


def _retire(store: FakeSecretsManager, version_id: str) -> None:
    StoredVersions(cast("Any", store), ARN, Deadline(FakeContext())).retire(version_id)


def test_the_version_is_marked_and_loses_the_label_when_it_is_retired() -> None:
    store = _store(AWSCURRENT="new", AWSPREVIOUS="old", **{"alees-revoked": "older"})

    for _ in range(2):
        _retire(store, "old")

    assert store.labels == {"AWSCURRENT": "new", "alees-revoked": "old"}


def test_another_versions_label_stays_when_an_older_one_is_retired() -> None:
    store = _store(AWSCURRENT="new", AWSPREVIOUS="old")

    _retire(store, "older")

    assert store.labels == {"AWSCURRENT": "new", "AWSPREVIOUS": "old", "alees-revoked": "older"}


def test_no_label_moves_when_the_version_is_in_use() -> None:
    store = _store(AWSCURRENT="new", AWSPREVIOUS="old")

    with pytest.raises(OvertakenError):
        _retire(store, "new")

    assert store.labels == {"AWSCURRENT": "new", "AWSPREVIOUS": "old"}


def test_the_mark_is_taken_off_when_the_version_comes_into_use_meanwhile() -> None:
    store = _store(AWSCURRENT="new", AWSPREVIOUS="old")

    def roll_back(operation: str) -> None:
        if operation == "DescribeSecret" and "alees-revoked" in store.labels:
            store.labels |= {"AWSCURRENT": "old", "AWSPREVIOUS": "new"}

    store.before = roll_back

    with pytest.raises(OvertakenError):
        _retire(store, "old")

    assert store.labels == {"AWSCURRENT": "old", "AWSPREVIOUS": "new"}
