import uuid
from typing import Any

import pytest

from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


@pytest.fixture
def arn(aws: LocalAws) -> str:
    """A secret with three versions: AWSCURRENT, AWSPREVIOUS and one with the label ``old``."""
    secret = aws.new_secret()
    oldest = aws.labels(secret)["AWSCURRENT"]
    for value in ("second", "third"):
        aws.secrets.put_secret_value(SecretId=secret, SecretString=value)
    aws.secrets.update_secret_version_stage(SecretId=secret, VersionStage="old", MoveToVersionId=oldest)
    return secret


def _move(aws: LocalAws, arn: str, label: str, **versions: str) -> None:
    named: dict[str, Any] = {
        {"to": "MoveToVersionId", "source": "RemoveFromVersionId"}[key]: version for key, version in versions.items()
    }
    aws.secrets.update_secret_version_stage(SecretId=arn, VersionStage=label, **named)


def test_previous_follows_when_current_moves(aws: LocalAws, arn: str) -> None:
    before = aws.labels(arn)
    _move(aws, arn, "AWSCURRENT", to=before["old"], source=before["AWSCURRENT"])
    after = aws.labels(arn)
    assert (after["AWSCURRENT"], after["AWSPREVIOUS"]) == (before["old"], before["AWSCURRENT"])


def test_previous_stays_when_another_label_moves(aws: LocalAws, arn: str) -> None:
    before = aws.labels(arn)
    _move(aws, arn, "old", to=before["AWSCURRENT"], source=before["old"])
    assert aws.labels(arn)["AWSPREVIOUS"] == before["AWSPREVIOUS"]


def test_roll_back_swaps_the_labels_when_current_goes_to_previous(aws: LocalAws, arn: str) -> None:
    before = aws.labels(arn)
    _move(aws, arn, "AWSCURRENT", to=before["AWSPREVIOUS"], source=before["AWSCURRENT"])
    after = aws.labels(arn)
    assert (after["AWSCURRENT"], after["AWSPREVIOUS"]) == (before["AWSPREVIOUS"], before["AWSCURRENT"])


def test_move_is_refused_when_the_holder_is_not_named(aws: LocalAws, arn: str) -> None:
    before = aws.labels(arn)
    with pytest.raises(aws.secrets.exceptions.InvalidParameterException, match="RemoveFromVersionId"):
        _move(aws, arn, "AWSCURRENT", to=before["old"])


def test_move_is_refused_when_the_named_version_does_not_hold_it(aws: LocalAws, arn: str) -> None:
    before = aws.labels(arn)
    with pytest.raises(aws.secrets.exceptions.InvalidParameterException, match="isn't attached"):
        _move(aws, arn, "AWSCURRENT", to=before["old"], source=before["AWSPREVIOUS"])


def test_current_stays_when_it_is_to_be_removed(aws: LocalAws, arn: str) -> None:
    with pytest.raises(aws.secrets.exceptions.InvalidParameterException, match="can't be removed"):
        _move(aws, arn, "AWSCURRENT", source=aws.labels(arn)["AWSCURRENT"])


def test_label_is_gone_when_it_is_removed(aws: LocalAws, arn: str) -> None:
    _move(aws, arn, "AWSPREVIOUS", source=aws.labels(arn)["AWSPREVIOUS"])
    assert "AWSPREVIOUS" not in aws.labels(arn)


def test_move_is_refused_when_the_version_is_unknown(aws: LocalAws, arn: str) -> None:
    with pytest.raises(aws.secrets.exceptions.ResourceNotFoundException, match="VersionId"):
        _move(aws, arn, "mine", to=str(uuid.uuid4()))
