"""The description that a running local cloud leaves."""

from pathlib import Path

import pytest

from config.environment import CodePlatform
from config.errors import ConfigError
from config.local import LocalCloud

CLOUD = LocalCloud(
    endpoint_url="http://127.0.0.1:4566",
    account="000000000000",
    region="eu-central-1",
    database_host="127.0.0.1",
    database_port=54320,
    database_name="alees",
    admin_secret="alees-local-database-admin",
    certificate_authority="/somewhere/ca.pem",
    provider_url="https://localhost:54321",
    provider_authority="/somewhere/provider-ca.pem",
    management_secret="alees-local-payments-management",
)


def test_the_description_is_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    CLOUD.write(tmp_path)

    assert LocalCloud.read(tmp_path) == CLOUD
    assert [file.name for file in tmp_path.iterdir()] == ["cloud.json"]


def test_make_local_is_named_when_nothing_is_running(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no local AWS is running in .*; start it with: make local"):
        LocalCloud.read(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"endpoint": 1}'])
def test_what_to_do_is_told_when_the_description_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "cloud.json").write_text(text)

    with pytest.raises(ConfigError, match="is damaged .*; run: make local-down && make local"):
        LocalCloud.read(tmp_path)


def test_data_is_destroyed_and_code_is_built_for_this_machine_when_it_is_local() -> None:
    environment = CLOUD.environment()

    assert (environment.name, environment.keep_data) == ("Local", False)
    assert environment.code_platform is CodePlatform.THIS_MACHINE


def test_no_description_is_left_when_it_is_removed_even_twice(tmp_path: Path) -> None:
    CLOUD.write(tmp_path)

    for _ in range(2):
        LocalCloud.remove(tmp_path)

    assert list(tmp_path.iterdir()) == []
