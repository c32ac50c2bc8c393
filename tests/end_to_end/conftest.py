"""The local AWS with Local and Prod deployed into it by the real CDK CLI, once for the session.

Prod is config's own, with nothing replaced but the endpoints and certificate authorities of database and mail server,
and the provider of API keys, which is the local one.
"""

import json
import re
import smtplib
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from config.email import Ses
from config.environment import Environment
from config.environments import prod
from config.http_provider import Http
from local_cloud import cloud as local
from local_cloud.aws import client_options, new_session
from local_cloud.cloud import RunningCloud
from local_cloud.deployment import bootstrap, run_cdk
from local_cloud.launcher.environment import RETRY_DELAYS_VARIABLE
from local_cloud.layout import StateFolder
from stacks.deployment import add_stacks
from tests.fakes.postgres import Connection, Server, login, running_server

Fields = dict[str, Any]

SECRET_FIELDS = ("password", "secret_key", "api_key", "api_secret")


@dataclass(frozen=True)
class Deployment:
    """One environment in the local AWS.

    Attributes:
        cloud: The local AWS as the root user of the environment's account.
        environment: Its configuration.
        assembly: Folder of the cloud assembly that was deployed.
        seen: Every value that was read here, the first ones among them.
        clients: boto3 clients by service; to make one takes longer than most calls.
    """

    cloud: RunningCloud
    environment: Environment
    assembly: Path
    seen: set[str] = field(default_factory=set)
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a boto3 client as the account's root user."""
        if service not in self.clients:
            session: Any = new_session()
            self.clients[service] = session.client(service, **self.cloud.client_options)
        return self.clients[service]

    def name(self, path: str) -> str:
        """Return the whole name of a secret."""
        return f"alees/{self.environment.slug}/{path}"

    def value(self, path: str = "database/credentials", stage: str = "AWSCURRENT") -> Fields:
        """Return what the local endpoint returns for a secret."""
        answer = self.client("secretsmanager").get_secret_value(SecretId=self.name(path), VersionStage=stage)
        fields: Fields = json.loads(answer["SecretString"])
        self.seen.update(str(fields[name]) for name in SECRET_FIELDS if name in fields)
        return fields

    def login(self, fields: Fields) -> Connection:
        """Log in with a secret's value over verified TLS."""
        authority = self.environment.database.certificate_authority
        assert authority is not None
        return login(fields, authority)

    def mail_login(self, fields: Fields) -> None:
        """Log in at the mail server with a secret's value over verified TLS, as the ERP does."""
        authority = self.cloud.description.mail_certificate_authority
        with smtplib.SMTP(fields["host"], fields["port"], local_hostname="localhost") as session:
            session.starttls(context=ssl.create_default_context(cafile=authority))
            session.login(fields["username"], fields["password"])

    def rotate(self, path: str) -> None:
        """Rotate a secret and wait until its new version is AWSCURRENT."""
        client = self.client("secretsmanager")
        version = client.rotate_secret(SecretId=self.name(path))["VersionId"]
        self.wait_for(lambda: "AWSCURRENT" in self.labels(path).get(version, []))

    def is_settled(self) -> bool:
        """Tell whether no rotation is under way."""
        found = (labels for path in self.environment.rotated_paths for labels in self.labels(path).values())
        return all("AWSPENDING" not in labels or "AWSCURRENT" in labels for labels in found)

    def give_secrets_of_others(self, server: Server) -> None:
        """Make the secrets with the database's admin, as RDS does, and with what manages the provider's keys."""
        client = self.client("secretsmanager")
        client.create_secret(
            Name=self.environment.database.admin_secret,
            SecretString=json.dumps({"username": server.running.admin, "password": server.running.password}),
        )
        for name in self.management_secrets():
            client.create_secret(Name=name, SecretString=self.management_value())

    def management_secrets(self) -> list[str]:
        """Return the names of the secrets that manage keys of providers."""
        providers = [service.provider for service in self.environment.api_services]
        return [each.management.secret for each in providers if each.management is not None]

    def management_value(self) -> str:
        """Return what manages the keys of the local provider."""
        session: Any = new_session()
        description = replace(self.cloud.description, account=local.ACCOUNT)
        client = session.client("secretsmanager", **client_options(description))
        value: str = client.get_secret_value(SecretId=description.management_secret)["SecretString"]
        return value

    @contextmanager
    def refused_admin(self) -> Iterator[None]:
        """Have PostgreSQL refuse the admin for a while."""
        client = self.client("secretsmanager")
        name = self.environment.database.admin_secret
        value = client.get_secret_value(SecretId=name)["SecretString"]
        client.put_secret_value(SecretId=name, SecretString=json.dumps({"username": "nobody", "password": "refused"}))
        try:
            yield
        finally:
            client.put_secret_value(SecretId=name, SecretString=value)

    def failures(self) -> int:
        """Return how many rotations in the account have been given up."""
        pages = self.client("cloudtrail").get_paginator("lookup_events")
        attribute = {"AttributeKey": "EventName", "AttributeValue": "RotationFailed"}
        return sum(len(page["Events"]) for page in pages.paginate(LookupAttributes=[attribute]))

    def labels(self, path: str) -> dict[str, list[str]]:
        """Return the labels of a secret's versions."""
        labels: dict[str, list[str]] = self.client("secretsmanager").describe_secret(SecretId=self.name(path))[
            "VersionIdsToStages"
        ]
        return labels

    def move_label(self, path: str, label: str, version: str) -> None:
        """Put a label on a version, wherever it was before."""
        holders = [holder for holder, labels in self.labels(path).items() if label in labels]
        self.client("secretsmanager").update_secret_version_stage(
            SecretId=self.name(path),
            VersionStage=label,
            MoveToVersionId=version,
            **({"RemoveFromVersionId": holders[0]} if holders else {}),
        )

    def has_rotated(self) -> bool:
        """Tell whether every secret with a schedule has had its first rotation."""
        return all(["AWSPREVIOUS"] in self.labels(path).values() for path in self.environment.rotated_paths)

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what judges by the hour come first: other tests move the clock of the local AWS forward."""
    items.sort(key=lambda item: item.path.name != "test_watch_health.py")


@pytest.fixture(scope="session")
def cloud() -> Iterator[RunningCloud]:
    """The local AWS, empty, on free ports."""
    with tempfile.TemporaryDirectory(prefix="alees-cloud-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv(RETRY_DELAYS_VARIABLE, "0.1,0.1")  # many tests have steps fail
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


def at_servers(environment: Environment, server: Server, cloud: RunningCloud) -> Environment:
    """Return *environment* with nothing replaced but the servers' endpoints and certificate authorities."""
    where, email = cloud.description, environment.email
    if isinstance(email, Ses):
        authority = Path(where.mail_certificate_authority)
        email = replace(email, host="127.0.0.1", port=where.mail_port, certificate_authority=authority)
    return replace(
        environment,
        database=replace(
            environment.database,
            host=server.host,
            port=server.running.port,
            certificate_authority=server.running.certificate_authority,
        ),
        email=email,
    )


def with_local_targets(environment: Environment, server: Server, cloud: RunningCloud) -> Environment:
    """Return *environment* with the database on *server*, and with keys of the local provider."""
    declared, local = environment.api_services, cloud.description.environment().api_services
    payments = declared[1].provider
    assert isinstance(payments, Http)
    assert isinstance(local[1].provider, Http)
    here = replace(local[1].provider, management=payments.management)
    services = (declared[0], replace(declared[1], provider=here), *declared[2:])
    return replace(at_servers(environment, server, cloud), api_services=services)


def bootstrapped(cloud: RunningCloud, account: str) -> RunningCloud:
    """Return the local AWS as the root user of *account*, ready for the CDK in both regions."""
    state = StateFolder(cloud.state.root / account)
    state.root.mkdir()
    own = replace(cloud, state=state, description=replace(cloud.description, account=account))
    bootstrap(own)
    return own


def deploy(deployment: Deployment) -> str:
    """Deploy an environment with all that it needs, wait for its first rotations, return what the CDK printed."""
    printed = deployment.cdk("deploy", deployment.environment.stack_name, "--require-approval", "never")
    deployment.wait_for(deployment.has_rotated)
    for path in deployment.environment.rotated_paths:
        deployment.value(path)
    return printed


def stack_ids(environment: Environment) -> set[str]:
    """Return the ids of all stacks that an environment's deployment deploys."""
    name = environment.stack_name
    shards = (f"{name}Api{shard:02}" for shard in environment.shards)
    return {name, f"{name}Recovery", *shards, environment.account.stack_id}


def unchanged_stacks(printed: str) -> set[str]:
    """Return the ids of the stacks in which a deployment, as the CDK printed it, found nothing to change."""
    return set(re.findall(r"(\w+)(?: \(\w+\))? \(no changes\)", printed))


@pytest.fixture(scope="session")
def deployments(cloud: RunningCloud, prod_server: Server) -> dict[str, Deployment]:
    """Local and Prod, synthesized in one app, bootstrapped, deployed and rotated for the first time."""
    environments = {
        "Local": cloud.description.environment(),
        "Prod": with_local_targets(prod(), prod_server, cloud),
    }
    assembly = cloud.state.root / "assembly"
    with ThreadPoolExecutor() as both:
        clouds = [both.submit(bootstrapped, cloud, str(each.account.id)) for each in environments.values()]
        built = App(outdir=str(assembly))
        add_stacks(built, list(environments.values()))
        built.synth()
    made = {
        name: Deployment(own.result(), environment, assembly)
        for own, (name, environment) in zip(clouds, environments.items(), strict=True)
    }
    made["Prod"].give_secrets_of_others(prod_server)
    with ThreadPoolExecutor() as both:
        list(both.map(deploy, made.values()))
    return made


@pytest.fixture
def deployed(deployments: dict[str, Deployment]) -> Iterator[Deployment]:
    """Local. What a test revoked has a successor afterwards: the next test finds two versions in use."""
    local_environment = deployments["Local"]
    yield local_environment
    for path in local_environment.environment.rotated_paths:
        if ["AWSPREVIOUS"] not in local_environment.labels(path).values():
            local_environment.rotate(path)
