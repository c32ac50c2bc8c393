import pytest

from alees_secrets import RotationPhase, RotationUnfinishedError
from tests.unit.alees_secrets.cached import EMAIL, OTHER_EMAIL, Cached
from tests.unit.alees_secrets.fake_source import ROTATION

PATH = "email/credentials"
PENDING, DONE = {ROTATION: ["AWSPENDING"], "v1": ["AWSCURRENT"]}, {ROTATION: ["AWSCURRENT"], "v1": ["AWSPREVIOUS"]}


def test_value_is_new_when_the_rotation_was_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    cached, told = Cached(), []
    cached.source.put(PATH, EMAIL)
    cached.manager.get_secret(PATH)
    cached.source.held = [PENDING, PENDING, DONE]
    cached.source.put(PATH, OTHER_EMAIL, ROTATION)
    version = cached.manager.rotate_secret(PATH, wait=60, progress=lambda phase, _: told.append(phase))
    assert version == ROTATION
    assert told == [RotationPhase.PENDING, RotationPhase.PENDING, RotationPhase.DONE]
    assert slept == [1.0, 1.0]
    assert cached.manager.get_secret(PATH) == OTHER_EMAIL


def test_nothing_is_described_when_nobody_waits() -> None:
    cached = Cached()
    assert cached.manager.rotate_secret(PATH) == ROTATION
    assert cached.source.rotated == ["alees/prod/email/credentials"]


def test_abandonment_is_told_when_the_version_has_no_label() -> None:
    cached = Cached()
    cached.source.held = [{"v1": ["AWSCURRENT"]}]
    with pytest.raises(RotationUnfinishedError, match="was abandoned: its version has no label any more"):
        cached.manager.rotate_secret(PATH, wait=60)


def test_rotation_is_left_alone_when_it_takes_longer_than_the_wait() -> None:
    cached = Cached()
    cached.source.held = [PENDING]
    with pytest.raises(RotationUnfinishedError, match="is not over after 0 s; .* the value in use has not changed"):
        cached.manager.rotate_secret(PATH, wait=0)
