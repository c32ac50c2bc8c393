from collections.abc import Callable, Iterator

import pytest

from local_cloud.cloud import RunningCloud
from local_cloud.errors import LocalCloudError
from local_cloud.first_rotation import wait_for_first_rotations
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

Deploy = Callable[..., None]

NAME = "alees/local/api/first/key"


@pytest.fixture
def deploy(aws: LocalAws, rotator: str) -> Iterator[Deploy]:
    """Make the environment's one secret and start its rotation, with the tags that steer it."""

    def make(**tags: str) -> None:
        aws.secrets.create_secret(
            Name=NAME, SecretString="first", Tags=[{"Key": key, "Value": value} for key, value in tags.items()]
        )
        aws.secrets.rotate_secret(SecretId=NAME, RotationLambdaARN=rotator)

    yield make
    aws.secrets.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)


def test_names_are_told_when_all_have_rotated(cloud: RunningCloud, deploy: Deploy) -> None:
    deploy()
    rotated: list[str] = []
    wait_for_first_rotations(cloud, rotated.append)
    assert rotated == [NAME]


def test_error_holds_the_functions_last_line_when_a_rotation_failed(cloud: RunningCloud, deploy: Deploy) -> None:
    deploy(fail="setSecret")
    with pytest.raises(LocalCloudError, match=rf"{NAME} failed: RuntimeError: failed, as the tag says .*log group"):
        wait_for_first_rotations(cloud, print)


def test_failed_rotation_is_taken_up_when_its_cause_is_mended(
    aws: LocalAws, cloud: RunningCloud, deploy: Deploy
) -> None:
    deploy(fail="setSecret")
    with pytest.raises(LocalCloudError):
        wait_for_first_rotations(cloud, print)
    aws.secrets.untag_resource(SecretId=NAME, TagKeys=["fail"])
    rotated: list[str] = []
    wait_for_first_rotations(cloud, rotated.append)
    assert rotated == [NAME]


def test_nothing_is_waited_for_when_no_secret_rotates(cloud: RunningCloud) -> None:
    rotated: list[str] = []
    wait_for_first_rotations(cloud, rotated.append)
    assert rotated == []
