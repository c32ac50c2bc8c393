"""The local AWS with Local and Prod deployed into it by the real CDK CLI, once for the session.

Prod is config's own, with nothing replaced but the database's endpoint and certificate authority.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aws_cdk import App

import app
from config.environment import Environment
from config.environments import prod
from local_cloud import cloud as local
from local_cloud.aws import new_session
from local_cloud.cloud import RunningCloud
from local_cloud.deployment import bootstrap, run_cdk
from local_cloud.layout import StateFolder
from tests.fakes.postgres import Server, running_server

Fields = dict[str, Any]


@dataclass(frozen=True)
class Deployment:
    """One environment in the local AWS.

    Attributes:
        cloud: The local AWS as the root user of the environment's account.
        environment: Its configuration.
        assembly: Folder of the cloud assembly that was deployed.
    """

    cloud: RunningCloud
    environment: Environment
    assembly: Path

    def client(self, service: str) -> Any:
        """Return a boto3 client as the account's root user."""
        session: Any = new_session()
        return session.client(service, **self.cloud.client_options)

    def name(self, path: str) -> str:
        """Return the whole name of a secret."""
        return f"alees/{self.environment.slug}/{path}"

    def value(self, path: str = "database/credentials", stage: str = "AWSCURRENT") -> Fields:
        """Return what the local endpoint returns for a secret."""
        answer = self.client("secretsmanager").get_secret_value(SecretId=self.name(path), VersionStage=stage)
        fields: Fields = json.loads(answer["SecretString"])
        return fields

    def login(self, fields: Fields) -> "psycopg.Connection[tuple[Any, ...]]":
        """Log in with a secret's value over verified TLS."""
        return psycopg.connect(
            host=fields["host"],
            port=fields["port"],
            dbname=fields["dbname"],
            user=fields["username"],
            password=fields["password"],
            sslmode="verify-full",
            sslrootcert=str(self.environment.database.certificate_authority),
            autocommit=True,
        )

    def rotate(self, path: str) -> None:
        """Rotate a secret and wait until its new version is AWSCURRENT."""
        client = self.client("secretsmanager")
        version = client.rotate_secret(SecretId=self.name(path))["VersionId"]
        self.wait_for(lambda: "AWSCURRENT" in self.labels(path).get(version, []))

    def labels(self, path: str) -> dict[str, list[str]]:
        """Return the labels of a secret's versions."""
        labels: dict[str, list[str]] = self.client("secretsmanager").describe_secret(SecretId=self.name(path))[
            "VersionIdsToStages"
        ]
        return labels

    def has_rotated(self) -> bool:
        """Tell whether the database secret has had its first rotation."""
        return ["AWSPREVIOUS"] in self.labels("database/credentials").values()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; a minute at most."""
        for _ in range(600):
            if holds():
                return
            time.sleep(0.1)
        pytest.fail("it did not come about within a minute")

    def cdk(self, *arguments: str) -> str:
        """Run the CDK CLI on the ready assembly and return what it printed."""
        run_cdk(self.cloud, [*arguments, "--app", str(self.assembly)])
        return (self.cloud.state.root / f"cdk-{arguments[0]}.log").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def cloud() -> Iterator[RunningCloud]:
    """The local AWS, empty, on free ports."""
    with tempfile.TemporaryDirectory(prefix="alees-cloud-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
        running = local.start(Path(folder) / "state")
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def prod_server() -> Iterator[Server]:
    """A PostgreSQL of Prod's own: both environments name their roles alike."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def deployments(cloud: RunningCloud, prod_server: Server) -> dict[str, Deployment]:
    """Local and Prod, synthesized in one app, bootstrapped, deployed and rotated for the first time."""
    local_environment = cloud.description.environment()
    declared = prod()
    prod_environment = replace(
        declared,
        database=replace(
            declared.database,
            host=prod_server.host,
            port=prod_server.running.port,
            certificate_authority=prod_server.running.certificate_authority,
        ),
    )
    assembly = cloud.state.root / "assembly"
    prod_state = StateFolder(cloud.state.root / "prod")
    prod_state.root.mkdir()
    prod_cloud = replace(cloud, state=prod_state, description=replace(cloud.description, account=str(declared.account)))
    made = {
        "Local": Deployment(cloud, local_environment, assembly),
        "Prod": Deployment(prod_cloud, prod_environment, assembly),
    }
    made["Prod"].client("secretsmanager").create_secret(
        Name=declared.database.admin_secret,
        SecretString=json.dumps({"username": prod_server.running.admin, "password": prod_server.running.password}),
    )
    with ThreadPoolExecutor() as both:
        bootstraps = [both.submit(bootstrap, deployment.cloud) for deployment in made.values()]
        built = App(outdir=str(assembly))
        app.build(built, (local_environment, prod_environment))
        built.synth()
        for each in bootstraps:
            each.result()
        list(both.map(_deploy, made.values()))
    return made


def _deploy(deployment: Deployment) -> None:
    deployment.cdk("deploy", deployment.environment.stack_name, "--require-approval", "never")
    deployment.wait_for(deployment.has_rotated)


@pytest.fixture
def deployed(deployments: dict[str, Deployment]) -> Deployment:
    """Local."""
    return deployments["Local"]
