import pytest

from tests.benchmarks.django_readers import readers_during
from tests.fakes.postgres import Server

pytestmark = pytest.mark.servers


def test_no_login_fails_but_static_ones_when_the_secret_is_rotated_over_and_over(server: Server) -> None:
    counted = readers_during(server, rotations=10)
    assert counted["uncached"].failures == counted["cached for 5 s"].failures == 0
    assert all(each.attempts > 10 for each in counted.values())
    assert counted["static"].failures > 0  # the control: what was read at the start does not last
