"""What tests do with the local AWS, through boto3."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.local import LocalCloud
from local_cloud.aws import client_options, new_session

if TYPE_CHECKING:
    from boto3 import Session
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sts import STSClient

_WAIT_SECONDS = 25.0
_POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return when *condition* holds; fail the test when it does not within 25 s."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"after {_WAIT_SECONDS} s: {what}"
        time.sleep(_POLL_SECONDS)


@cache
def _session() -> "Session":
    """Return the one session: a new one would read every service's model again."""
    return new_session()


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip file of these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return packed.getvalue()


def service_role(service: str, account: str = "000000000000") -> str:
    """Return a trust policy for a service, or for everybody in the account when it is empty."""
    principal = {"Service": service} if service else {"AWS": account}
    return json.dumps(
        {
            "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
            "Version": "2012-10-17",
        }
    )


@dataclass
class LocalAws:
    """The local AWS as its root user."""

    description: LocalCloud

    def of_account(self, account: str) -> "LocalAws":
        """Return the same local AWS as the root user of another account."""
        return LocalAws(replace(self.description, account=account))

    def in_region(self, region: str) -> "LocalAws":
        """Return the same account in another region."""
        return LocalAws(replace(self.description, region=region))

    def client(self, service: str) -> Any:
        """Return a client of a service whose types are not installed, or are not worth a property."""
        return _session().client(service, **client_options(self.description))  # type: ignore[call-overload]

    @cached_property
    def secrets(self) -> "SecretsManagerClient":
        return _session().client("secretsmanager", **client_options(self.description))

    @cached_property
    def functions(self) -> "LambdaClient":
        return _session().client("lambda", **client_options(self.description))

    @cached_property
    def iam(self) -> "IAMClient":
        return _session().client("iam", **client_options(self.description))

    @cached_property
    def sts(self) -> "STSClient":
        return _session().client("sts", **client_options(self.description))

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        return _session().client("logs", **client_options(self.description))

    @cached_property
    def trail(self) -> "CloudTrailClient":
        return _session().client("cloudtrail", **client_options(self.description))

    @cached_property
    def stacks(self) -> "CloudFormationClient":
        return _session().client("cloudformation", **client_options(self.description))

    def new_secret(self, value: str = "first", **tags: str) -> str:
        """Create a secret and return its ARN."""
        return self.secrets.create_secret(
            Name=f"test/{uuid.uuid4()}/made",
            SecretString=value,
            Tags=[{"Key": key.replace("_", "-"), "Value": tag} for key, tag in tags.items()],
        )["ARN"]

    def value(self, arn: str, stage: str = "AWSCURRENT") -> str:
        """Return the value at a stage."""
        return self.secrets.get_secret_value(SecretId=arn, VersionStage=stage)["SecretString"]

    def labels(self, arn: str) -> dict[str, str]:
        """Return label to version id."""
        versions = self.secrets.describe_secret(SecretId=arn)["VersionIdsToStages"]
        return {label: version for version, labels in versions.items() for label in labels}

    def events(self, arn: str) -> list[str]:
        """Return the names of the service's own events about a secret, oldest first."""
        found = self.trail.lookup_events(LookupAttributes=[{"AttributeKey": "ResourceName", "AttributeValue": arn}])
        return [event["EventName"] for event in reversed(found["Events"])]

    def wait_for_event(self, arn: str, name: str) -> None:
        """Return when the service has recorded an event about a secret."""
        wait_until(lambda: name in self.events(arn), f"no {name} but {self.events(arn)}")

    def new_function(self, files: dict[str, bytes], handler: str, *, policy: dict[str, Any]) -> str:
        """Create a function with a role of its own and return its ARN; nobody may invoke it yet."""
        name = f"test-{uuid.uuid4()}"
        role = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=service_role("lambda.amazonaws.com"))
        self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
        return self.functions.create_function(
            FunctionName=name,
            Role=role["Role"]["Arn"],
            Runtime="python3.13",
            Handler=handler,
            Timeout=30,
            Code={"ZipFile": zipped(files)},
        )["FunctionArn"]

    def let_secrets_manager_invoke(self, function_arn: str, account: str = "000000000000") -> None:
        """Add the permission that a rotation needs, with the account that a secret must be of."""
        self.functions.add_permission(
            FunctionName=function_arn,
            StatementId="rotation",
            Action="lambda:InvokeFunction",
            Principal="secretsmanager.amazonaws.com",
            SourceAccount=account,
        )

    def calls_of(self, function_arn: str) -> list[str]:
        """Return the names of the latest calls that a function made itself, newest first."""
        name = function_arn.rpartition(":")[2]
        found = self.trail.lookup_events(LookupAttributes=[{"AttributeKey": "Username", "AttributeValue": name}])
        return [event["EventName"] for event in found["Events"]]

    def steps(self, function_arn: str, secret_arn: str) -> list[str]:
        """Return the steps that the rotator was invoked for, in order."""
        group = f"/aws/lambda/{function_arn.rpartition(':')[2]}"
        try:
            lines = self.logs.filter_log_events(logGroupName=group)["events"]
        except self.logs.exceptions.ResourceNotFoundException:
            return []  # the function's first line makes it
        found = sorted(
            (line["timestamp"], line["message"].split()[2])
            for line in lines
            if line["message"].startswith(f"invoked {secret_arn} ")
        )
        return [step for _, step in found]

    def role_client(self, name: str, policy: dict[str, Any], path: str = "/test/") -> "SecretsManagerClient":
        """Return a client of a new role with one policy."""
        trust = service_role("", self.description.account)
        role = self.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)["Role"]
        self.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
        return self.session_of(role["Arn"])

    def session_of(self, role_arn: str) -> "SecretsManagerClient":
        """Return a client with a session of a role."""
        credentials = self.sts.assume_role(RoleArn=role_arn, RoleSessionName="session")["Credentials"]
        options = client_options(self.description)
        options["aws_access_key_id"] = credentials["AccessKeyId"]
        options["aws_secret_access_key"] = credentials["SecretAccessKey"]
        return _session().client("secretsmanager", **options, aws_session_token=credentials["SessionToken"])


ROTATOR = {"rotator.py": (Path(__file__).parent / "rotator.py").read_bytes()}
ALL_SECRETS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "secretsmanager:*", "Resource": "*"}],
}
NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


def new_rotator(aws: LocalAws) -> str:
    """Return the ARN of a new function that Secrets Manager may invoke and that the secrets' tags steer."""
    arn = aws.new_function(ROTATOR, "rotator.handler", policy=ALL_SECRETS)
    aws.let_secrets_manager_invoke(arn, aws.description.account)
    return arn
