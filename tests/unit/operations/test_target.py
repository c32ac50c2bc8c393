"""Which environment a command works on."""

from pathlib import Path

import pytest
from moto import mock_aws

from config.environments import prod
from operations.errors import OperationError, UsageError
from operations.target import find_target
from tests.unit.config.test_local import CLOUD


def test_the_ways_to_name_an_environment_are_told_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give --environment Prod, set ALEES_ENVIRONMENT, or run: make local"):
        find_target(None, {}, tmp_path)


@pytest.mark.parametrize(("name", "environ"), [(None, {}), ("Local", {}), (None, {"ALEES_ENVIRONMENT": "local"})])
def test_local_is_taken_when_it_is_named_or_nothing_is(
    tmp_path: Path, name: str | None, environ: dict[str, str]
) -> None:
    CLOUD.write(tmp_path)

    target = find_target(name, environ, tmp_path)

    assert target.environment.name == "Local"
    assert target.client.meta.endpoint_url == CLOUD.endpoint_url


def test_the_option_wins_when_the_variable_says_otherwise(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="environment is 'Pord'; allowed is one of dev, local, prod, staging"):
        find_target("Pord", {"ALEES_ENVIRONMENT": "local"}, tmp_path)


def test_make_local_is_named_when_local_is_wanted_and_not_running(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="start it with: make local"):
        find_target("local", {}, tmp_path)


def test_another_accounts_credentials_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")

    with (
        mock_aws(),
        pytest.raises(
            UsageError, match=f"belong to account 123456789012; Prod is in {prod().account.id}: log in there"
        ),
    ):
        find_target("Prod", {}, tmp_path)


@pytest.fixture
def _no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.usefixtures("_no_credentials")
def test_it_is_said_that_no_credentials_were_found(tmp_path: Path) -> None:
    with pytest.raises(
        OperationError, match=f"no AWS credentials were found for Prod; log in to account {prod().account.id}, for"
    ):
        find_target("Prod", {}, tmp_path)


@pytest.mark.usefixtures("_no_credentials")
def test_it_is_said_that_the_profile_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "unknown")

    with pytest.raises(OperationError, match="AWS_PROFILE names no profile that is configured here"):
        find_target("Prod", {}, tmp_path)


def test_prods_own_account_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", str(prod().account.id))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "moto")

    with mock_aws():
        target = find_target("PROD", {}, tmp_path)

    assert (target.environment.name, target.client.meta.region_name) == ("Prod", "eu-central-1")
