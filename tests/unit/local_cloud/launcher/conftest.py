import uuid
from collections.abc import Iterator

import pytest

from tests.unit.local_cloud.launcher.cloudformation import templates
from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, new_stack
from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import LocalAws


@pytest.fixture
def stack(aws: LocalAws) -> Iterator[Stack]:
    """A stack that is deleted after the test."""
    with new_stack(aws) as made:
        yield made


@pytest.fixture
def own(aws: LocalAws) -> LocalAws:
    """An account of the test's own, without trails, secrets or anything else."""
    return aws.of_account(str(10**11 + uuid.uuid4().int % 10**11))


@pytest.fixture
def own_stack(own: LocalAws) -> Iterator[Stack]:
    """A stack in the test's own account, deleted after the test."""
    with new_stack(own) as made:
        yield made


@pytest.fixture
def trail(own: LocalAws, own_stack: Stack) -> Trail:
    """A trail that is logging, in the test's own account."""
    own_stack.deploy(templates.trail(f"trail-{uuid.uuid4()}"))
    return Trail(own, own_stack.physical_ids()["Group"])
