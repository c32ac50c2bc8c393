import pytest

from alees_secrets import SecretsManager, Settings, VersionStage
from tests.unit.alees_secrets.fake_source import FakeSource, version

SETTINGS = Settings(environment="prod", region="eu-central-1")
EMAIL = {"host": "new-host", "port": 587, "username": "new-user", "password": "local"}


@pytest.mark.parametrize("stage", [VersionStage.CURRENT, VersionStage.PREVIOUS])
def test_one_request_is_made_when_read_twice(stage: VersionStage) -> None:
    fake = FakeSource({("alees/prod/email/credentials", stage): version(EMAIL)})
    manager = SecretsManager(SETTINGS, source=fake)
    first = manager.get_secret("email/credentials", stage=stage)
    assert manager.get_secret("email/credentials", stage=stage) is first
    assert len(fake.calls) == 1
