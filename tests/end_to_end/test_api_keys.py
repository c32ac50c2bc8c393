"""API keys rotate by their providers: the key before works until the next rotation, the one before that does not."""

import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from alees_secrets import SecretsManager, Settings
from alees_secrets.source import AwsSecretSource
from local_cloud.cloud import RunningCloud
from tests.end_to_end.conftest import Deployment, Fields

pytestmark = pytest.mark.servers


def accepted(cloud: RunningCloud, value: Fields) -> bool:
    """Tell whether the provider accepts a key, as an application finds out."""
    where = cloud.description
    request = urllib.request.Request(  # noqa: S310 - https, to the local provider
        f"{where.provider_url}/v1/account",
        headers={"X-Api-Key": value["api_key"], "X-Api-Secret": value["api_secret"]},
    )
    trusted = ssl.create_default_context(cafile=where.provider_authority)
    try:
        with urllib.request.urlopen(request, context=trusted) as answer:  # noqa: S310 - as above
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != 401:
            raise
        return False


def erp(deployed: Deployment) -> SecretsManager:
    """Return the secrets as a process of the ERP that has just started reads them."""
    client: Any = deployed.client("secretsmanager")
    region = deployed.environment.region
    return SecretsManager(Settings(environment="local", region=region), source=AwsSecretSource(region, client=client))


@pytest.mark.parametrize("name", ["Local", "Prod"])
def test_two_keys_of_the_provider_work_when_it_has_rotated(
    deployments: dict[str, Deployment], cloud: RunningCloud, name: str
) -> None:
    deployed, path = deployments[name], "api/payments/key"
    first = deployed.value(path)
    assert accepted(cloud, first)

    deployed.rotate(path)
    second = deployed.value(path)
    assert [accepted(cloud, each) for each in (first, second)] == [True, True]

    deployed.rotate(path)
    third = deployed.value(path)
    assert [accepted(cloud, each) for each in (first, second, third)] == [False, True, True]
    assert deployed.value(path, stage="AWSPREVIOUS") == second
    assert first != second != third


def test_the_erp_accepts_both_keys_of_its_own_when_one_has_rotated(deployed: Deployment) -> None:
    path = "api/partners/key"
    manager = erp(deployed)
    older = deployed.value(path)
    deployed.rotate(path)
    before = deployed.value(path)

    deployed.rotate(path)

    after = deployed.value(path)
    answers = [manager.accepts_api_key("partners", **value) for value in (older, before, after)]
    assert answers == [False, True, True]
    assert not manager.accepts_api_key("partners", after["api_key"], before["api_secret"])
