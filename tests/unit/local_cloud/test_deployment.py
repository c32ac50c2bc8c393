import json
from collections.abc import Iterator

import pytest

from config.local import RECOVERY_REGION
from local_cloud.cloud import RunningCloud
from local_cloud.deployment import is_bootstrapped, run_cdk
from local_cloud.errors import LocalCloudError
from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


TOOLKIT = {"Topic": {"Type": "AWS::SNS::Topic"}}


@pytest.fixture
def toolkits(aws: LocalAws) -> Iterator[list[Stack]]:
    """What ``cdk bootstrap`` makes, in both regions; not yet made."""
    stacks = [Stack(each, "CDKToolkit") for each in (aws, aws.in_region(RECOVERY_REGION))]
    yield stacks
    for stack in stacks:
        if stack.status():
            stack.delete()


def test_bootstrap_is_wanted_when_its_stack_is_missing_in_a_region(cloud: RunningCloud, toolkits: list[Stack]) -> None:
    assert not is_bootstrapped(cloud)
    toolkits[0].deploy(TOOLKIT)
    assert not is_bootstrapped(cloud)


def test_bootstrap_is_done_when_its_stack_is_in_both_regions(cloud: RunningCloud, toolkits: list[Stack]) -> None:
    for stack in toolkits:
        stack.deploy(TOOLKIT)
    assert is_bootstrapped(cloud)


def test_error_shows_the_end_of_the_output_when_the_cdk_fails(cloud: RunningCloud) -> None:
    with pytest.raises(LocalCloudError, match=r"cdk list failed; the whole output is in .*cdk-list\.log") as failed:
        run_cdk(cloud, ["list", "--app", "echo why it failed; false"])
    assert "why it failed" in str(failed.value)


def test_cdk_sees_the_local_aws_alone_when_the_shell_has_other_credentials(
    cloud: RunningCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody-elses")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody-elses")
    seen = cloud.state.root / "seen.json"
    show = "import json, os; print(json.dumps({k: v for k, v in os.environ.items() if k.startswith('AWS_')}))"
    with pytest.raises(LocalCloudError):
        run_cdk(cloud, ["list", "--app", f'python3 -c "{show}" > {seen}; false'])
    variables = json.loads(seen.read_text(encoding="utf-8"))
    assert "AWS_PROFILE" not in variables
    assert variables["AWS_ACCESS_KEY_ID"] == cloud.description.account
