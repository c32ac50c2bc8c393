"""Environments come, change and go: a failed first deployment, a destroyed one, a service that leaves."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from config.environment import Environment
from config.environments import dev, staging
from config.services import ApiService, Internal
from local_cloud.cloud import RunningCloud
from local_cloud.errors import LocalCloudError
from stacks.deployment import add_stacks
from tests.end_to_end.conftest import Deployment, bootstrapped, deploy, stack_ids, unchanged_stacks, with_local_targets
from tests.fakes.postgres import Server, running_server

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A PostgreSQL for one environment after the other; each rotation makes its roles alike."""
    with running_server() as server:
        yield server


def _deployment(cloud: RunningCloud, account: str, environment: Environment) -> Deployment:
    return Deployment(bootstrapped(cloud, account), environment, _assembly(cloud, environment))


def _assembly(cloud: RunningCloud, environment: Environment) -> Path:
    folder = cloud.state.root / f"assembly-{environment.slug}-{len(environment.api_services)}"
    built = App(outdir=str(folder))
    add_stacks(built, [environment])
    built.synth()
    return folder


def _fail_half_way(deployed: Deployment) -> None:
    """Have a first deployment fail in its last stack: somebody's secret is in the way, and is gone afterwards."""
    secrets: Any = deployed.client("secretsmanager")
    name = deployed.name("email/credentials")
    secrets.create_secret(Name=name, SecretString="{}")
    with pytest.raises(LocalCloudError, match=name):
        deploy(deployed)
    secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def test_dev_deploys_after_a_first_deployment_failed_and_again_after_it_was_destroyed(
    cloud: RunningCloud, own_server: Server
) -> None:
    deployed = _deployment(cloud, "333344445555", with_local_targets(dev(), own_server, cloud))
    deployed.give_secrets_of_others(own_server)
    _fail_half_way(deployed)

    deploy(deployed)
    deployed.login(deployed.value()).close()
    assert unchanged_stacks(deploy(deployed)) == stack_ids(deployed.environment)

    deployed.cdk("destroy", "--all", "--force")
    secrets: Any = deployed.client("secretsmanager")
    assert secrets.list_secrets(Filters=[{"Key": "name", "Values": ["alees/dev/"]}])["SecretList"] == []
    deploy(deployed)
    deployed.login(deployed.value()).close()


@pytest.fixture(scope="module")
def staged(cloud: RunningCloud, own_server: Server) -> Deployment:
    """Staging, with one service more than is declared, deployed after a first deployment failed half-way."""
    environment = with_local_targets(staging(), own_server, cloud)
    leaving = ApiService(name="leaving", shard=1, provider=Internal())
    both = replace(environment, api_services=(*environment.api_services, leaving))
    deployed = _deployment(cloud, str(environment.account.id), both)
    deployed.give_secrets_of_others(own_server)
    _fail_half_way(deployed)
    _unprotect_what_failed(deployed)
    deploy(deployed)
    return deployed


def _unprotect_what_failed(deployed: Deployment) -> None:
    """Do what the README says: the CDK protects a stack before it creates it, and deletes none that is protected."""
    with pytest.raises(LocalCloudError, match="TerminationProtection is enabled"):
        deploy(deployed)
    cloudformation: Any = deployed.client("cloudformation")
    stack = deployed.environment.stack_name
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=False)


def test_staging_works_and_is_protected_when_a_first_deployment_had_failed(staged: Deployment) -> None:
    staged.login(staged.value()).close()
    cloudformation: Any = staged.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName=staged.environment.stack_name)["Stacks"]
    assert stack["EnableTerminationProtection"] is True


def test_the_key_of_a_service_that_left_the_configuration_is_kept_and_shown_as_unmanaged(
    cloud: RunningCloud, staged: Deployment
) -> None:
    kept = [service for service in staged.environment.api_services if service.name != "leaving"]
    environment = replace(staged.environment, api_services=tuple(kept))
    without = replace(staged, environment=environment, assembly=_assembly(cloud, environment))
    staged.wait_for(lambda: ["AWSPREVIOUS"] in staged.labels("api/leaving/key").values())
    before = staged.client("secretsmanager").get_secret_value(SecretId="alees/staging/api/leaving/key")

    deploy(without)
    assert unchanged_stacks(deploy(without)) == stack_ids(environment)

    after = staged.client("secretsmanager").get_secret_value(SecretId="alees/staging/api/leaving/key")
    assert (after["ARN"], after["VersionId"]) == (before["ARN"], before["VersionId"])
    states = {each["path"]: each["state"] for each in _status(without)}
    assert states["api/leaving/key"] == "unmanaged"
    assert states["api/partners/key"] == "ok"
    assert states["database/credentials"] == "ok"


def _status(deployed: Deployment) -> list[dict[str, str]]:
    description = deployed.cloud.description
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": description.endpoint_url,
        "AWS_ACCESS_KEY_ID": description.account,
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    done = subprocess.run(
        [str(PROJECT / "alees-secrets"), "status", "--json", "--environment", deployed.environment.name],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)["secrets"]
    return found
