import pytest

from tests.unit.local_cloud.launcher.event_queue import Event, EventQueue
from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import LocalAws, new_rotator, wait_until

pytestmark = pytest.mark.servers


@pytest.fixture
def queue(own: LocalAws) -> EventQueue:
    """What EventBridge delivers of Secrets Manager in the test's own account."""
    return EventQueue(
        own, {"source": ["aws.secretsmanager"], "detail-type": [{"anything-but": "AWS API Call via CloudTrail"}]}
    )


def _service_events(events: list[Event]) -> list[str]:
    return [
        event["detail"]["eventName"] for event in events if event["detail-type"] == "AWS Service Event via CloudTrail"
    ]


def _updated_labels(events: list[Event]) -> list[tuple[str, str]]:
    return [
        (event["detail"]["labelUpdated"], event["detail"]["versionId"])
        for event in events
        if event["detail-type"] == "Secret Label Updated"
    ]


def test_start_and_success_reach_eventbridge_when_a_secret_rotates(
    own: LocalAws, trail: Trail, queue: EventQueue
) -> None:
    arn = own.new_secret()
    own.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=new_rotator(own))
    wait_until(lambda: "RotationSucceeded" in _service_events(queue.received()), "no RotationSucceeded")
    assert _service_events(queue.received()) == ["RotationStarted", "RotationSucceeded"]
    assert len(trail.records("RotationSucceeded")) == 1


def test_event_names_the_secret_when_a_rotation_failed(own: LocalAws, trail: Trail, queue: EventQueue) -> None:
    arn = own.new_secret(fail="setSecret")
    own.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=new_rotator(own))
    wait_until(lambda: "RotationFailed" in _service_events(queue.received()), "no RotationFailed")
    detail = queue.received()[-1]["detail"]
    assert (detail["eventSource"], detail["additionalEventData"]) == (
        "secretsmanager.amazonaws.com",
        {"SecretId": arn},
    )
    assert detail == trail.record("RotationFailed")


def test_end_of_each_version_is_told_when_a_secret_is_gone_at_once(
    own: LocalAws, trail: Trail, queue: EventQueue
) -> None:
    arn, kept = own.new_secret(), own.new_secret()
    own.secrets.put_secret_value(SecretId=arn, SecretString="{}")
    own.secrets.delete_secret(SecretId=kept)

    own.secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)

    wait_until(lambda: "EndSecretVersionDelete" in _service_events(queue.received()), "no end")
    assert _service_events(queue.received()) == ["EndSecretVersionDelete"] * 2
    assert {each["additionalEventData"]["SecretId"] for each in trail.records("EndSecretVersionDelete")} == {arn}


def test_label_updated_is_sent_once_when_a_rotation_moves_current(own: LocalAws, queue: EventQueue) -> None:
    arn = own.new_secret()
    token = own.secrets.rotate_secret(SecretId=arn, RotationLambdaARN=new_rotator(own))["VersionId"]
    own.wait_for_event(arn, "RotationSucceeded")
    assert _updated_labels(queue.received()) == [("AWSCURRENT", token)]


@pytest.mark.parametrize("change", ["put_secret_value", "update_secret"])
def test_label_updated_is_sent_when_a_value_is_set_by_hand(own: LocalAws, queue: EventQueue, change: str) -> None:
    arn = own.new_secret()
    version = getattr(own.secrets, change)(SecretId=arn, SecretString="second")["VersionId"]
    (event,) = queue.wait_for(1)
    assert (_updated_labels([event]), event["resources"]) == ([("AWSCURRENT", version)], [arn])


def test_label_updated_is_sent_when_a_custom_label_moves(own: LocalAws, queue: EventQueue) -> None:
    arn = own.new_secret()
    current = own.labels(arn)["AWSCURRENT"]
    own.secrets.update_secret_version_stage(SecretId=arn, VersionStage="AWSPENDING", MoveToVersionId=current)
    own.secrets.update_secret_version_stage(SecretId=arn, VersionStage="mine", MoveToVersionId=current)
    assert _updated_labels(queue.wait_for(1)) == [("mine", current)]
