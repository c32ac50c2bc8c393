import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from operations.errors import OperationError
from operations.review.deployed import read_deployed, why_not_deployed
from tests.unit.operations.review.cloudformation import deployed
from tests.unit.operations.review.stacks import stack

MOTO_ACCOUNT = "123456789012"
TEMPLATE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def _credentials(_no_credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")


@pytest.fixture
def moto() -> Iterator[None]:
    """An empty account, with credentials for it."""
    with mock_aws():
        yield


def test_that_there_are_no_credentials_is_told_when_there_are_none() -> None:
    assert why_not_deployed([stack()]) == "there are no AWS credentials"


@pytest.mark.usefixtures("_credentials")
def test_the_refusal_is_told_when_aws_cannot_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    assert why_not_deployed([stack()]) == "AWS does not accept the credentials (EndpointConnectionError)"


@pytest.mark.usefixtures("moto")
def test_both_accounts_are_told_when_the_credentials_are_another_ones() -> None:
    told = f"the credentials belong to account {MOTO_ACCOUNT}, the stacks to 111122223333"

    assert why_not_deployed([stack()]) == told


@pytest.mark.usefixtures("moto")
@pytest.mark.parametrize("account", [MOTO_ACCOUNT, None])
def test_nothing_stands_in_the_way_when_the_credentials_fit(account: str | None) -> None:
    assert why_not_deployed([stack(account)]) is None


def test_several_accounts_are_told_when_the_stacks_are_in_more_than_one() -> None:
    assert why_not_deployed([stack(), stack("222233334444")]) == "the stacks are in several accounts"


@pytest.mark.usefixtures("_credentials")
def test_templates_are_read_when_they_are_deployed_and_left_out_when_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed({"AleesSecretsProd": TEMPLATE}) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

        read = read_deployed([stack(), stack(name="AleesSecretsProdApi02")])

    assert read == {"AleesSecretsProd": TEMPLATE}


@pytest.mark.usefixtures("_credentials")
def test_the_way_round_is_told_when_aws_refuses_a_template(monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed({"AleesSecretsProd": None}) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

        with pytest.raises(OperationError, match="AleesSecretsProd cannot be compared .*not authorized.*BASE=main"):
            read_deployed([stack()])
