from collections.abc import Iterator

import pytest

from tests.unit.local_cloud.launcher.cloudformation.stacks import Stack, new_stack
from tests.unit.local_cloud.local_aws import LocalAws


@pytest.fixture
def stack(aws: LocalAws) -> Iterator[Stack]:
    """A stack that is deleted after the test."""
    with new_stack(aws) as made:
        yield made
