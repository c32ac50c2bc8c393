"""Which environment a command works on, and the clients that reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from config.environment import Environment
from config.environments import declared
from config.errors import ConfigError
from config.local import LocalCloud
from operations.errors import OperationError, UsageError

if TYPE_CHECKING:
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sts import STSClient

_WAITS = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4})

# CloudTrail answers twice a second (LookupEvents), so it is asked again as often as it takes.
_LOOKUP_WAITS = Config(connect_timeout=3, read_timeout=10, retries={"mode": "adaptive", "total_max_attempts": 10})

# A function may take a minute, and what it does is not begun twice.
_FUNCTION_WAITS = Config(connect_timeout=3, read_timeout=75, retries={"mode": "standard", "total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Target:
    """An environment and the clients that reach it.

    Attributes:
        environment: Its configuration.
        client: boto3 client of Secrets Manager in its region, with the caller's credentials; in Local, with the local
            account's.
        functions: The same, of Lambda; it waits as long as a function may take, and tries once.
        identities: The same, of STS.
        alarms: The same, of CloudWatch.
        topics: The same, of SNS.
        trail: The same, of CloudTrail.
    """

    environment: Environment
    client: "SecretsManagerClient"
    functions: "LambdaClient"
    identities: "STSClient"
    alarms: "CloudWatchClient"
    topics: "SNSClient"
    trail: "CloudTrailClient"


def find_target(name: str | None, environ: Mapping[str, str], local_state: Path) -> Target:
    """Return the environment to work on.

    Args:
        name: What the option ``--environment`` says; None takes ALEES_ENVIRONMENT, and without that the local cloud, if
            one is running.
        environ: The process's environment variables.
        local_state: Where a running local cloud describes itself.

    Raises:
        UsageError: There is no such environment, or none is named.
        OperationError: The credentials cannot be used, or belong to another account.
    """
    wanted = name or environ.get("ALEES_ENVIRONMENT")
    if wanted is None and not (local_state / "cloud.json").exists():
        raise UsageError(
            "no environment is named and no local AWS is running; give --environment Prod, set ALEES_ENVIRONMENT, "
            "or run: make local"
        )
    try:
        if wanted is None or wanted.lower() == "local":
            return _local_target(LocalCloud.read(local_state))
        environments = {environment.slug: environment for environment in declared()}
    except ConfigError as error:
        problem = str(error)
    else:
        if wanted.lower() in environments:
            return _declared_target(environments[wanted.lower()])
        problem = f"environment is {wanted!r}; allowed is one of {', '.join(sorted([*environments, 'local']))}"
    raise UsageError(problem)


def _local_target(cloud: LocalCloud) -> Target:
    session = boto3.Session(
        region_name=cloud.region, aws_access_key_id=cloud.account, aws_secret_access_key=cloud.account
    )
    return _target(cloud.environment(), session, cloud.endpoint_url)


def _declared_target(environment: Environment) -> Target:
    try:
        session = boto3.Session(region_name=environment.region)
    except ProfileNotFound:
        raise OperationError(
            "AWS_PROFILE names no profile that is configured here; see them with: aws configure list-profiles"
        ) from None
    if environment.account.id is not None:
        _require_account(session, environment.name, environment.account.id)
    return _target(environment, session, None)


def _target(environment: Environment, session: boto3.Session, endpoint_url: str | None) -> Target:
    return Target(
        environment=environment,
        client=session.client("secretsmanager", endpoint_url=endpoint_url, config=_WAITS),
        functions=session.client("lambda", endpoint_url=endpoint_url, config=_FUNCTION_WAITS),
        identities=session.client("sts", endpoint_url=endpoint_url, config=_WAITS),
        alarms=session.client("cloudwatch", endpoint_url=endpoint_url, config=_WAITS),
        topics=session.client("sns", endpoint_url=endpoint_url, config=_WAITS),
        trail=session.client("cloudtrail", endpoint_url=endpoint_url, config=_LOOKUP_WAITS),
    )


def _require_account(session: boto3.Session, name: str, wanted: str) -> None:
    """Refuse to work on one account with another's credentials."""
    try:
        account = session.client("sts", config=_WAITS).get_caller_identity()["Account"]
    except NoCredentialsError:
        raise OperationError(
            f"no AWS credentials were found for {name}; log in to account {wanted}, for example with: aws sso login, "
            "and name the profile in AWS_PROFILE"
        ) from None
    except (BotoCoreError, ClientError) as error:
        raise OperationError(
            f"AWS does not accept the credentials for {name} ({type(error).__name__}); log in to account {wanted}, "
            "for example with: aws sso login"
        ) from None
    if account != wanted:
        raise UsageError(f"the credentials belong to account {account}; {name} is in {wanted}: log in there")
