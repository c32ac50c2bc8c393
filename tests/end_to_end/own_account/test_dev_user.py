"""Dev's IAM user in the local AWS: what the customer's four environment variables open, and what they do not.

Dev is not deployed for it: user, policies and secrets are made from its synthesized templates.
"""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from botocore.exceptions import ClientError

from config.access import Action, Duty, may
from config.environments import dev
from local_cloud.aws import caller_environment_without_aws, client_options
from local_cloud.cloud import RunningCloud
from stacks.deployment import add_stacks
from tests.end_to_end.identities import client, is_denied
from tests.end_to_end.matrix_calls import LAUNCHERS, RECORDED, outcomes, wrongly_allowed
from tests.template.iam.evaluation import Statement
from tests.template.iam.probes import of_others
from tests.template.iam.world import World, build_world

pytestmark = pytest.mark.servers

PROJECT = Path(__file__).parents[3]
USER = "alees-dev-developer"
STRANGERS = (
    "alees/dev/other/credentials",
    "alees/dev/api/unmanaged/key",
    "alees/dev/database/credentials-of-old",
    "alees/prod/database/credentials",
)
VALUES = {
    "database": {"username": "u", "password": "p", "host": "h", "port": 5432, "dbname": "d"},
    "api": {"api_key": "k", "api_secret": "s"},
    "jwt": {"secret_key": "k" * 64, "algorithm": "HS512"},
    "email": {"host": "h", "port": 587, "username": "u", "password": "p"},
    "admin": {},
}

# The calls of the customer's document. Nothing rotates the secret here: that is told when IAM has let the call through.
AS_DOCUMENTED = """
from core.secrets import SecretsManager
from alees_secrets import RotationRefusedError

secrets_manager = SecretsManager()
assert secrets_manager.get_secret('database/credentials')['dbname'] == 'd'
secrets_manager.create_secret('api/new-service/key', {'api_key': 'new-key', 'api_secret': 'new-secret'})
secrets_manager.update_secret('email/credentials', {
    'host': 'new-host', 'port': 587, 'username': 'new-user', 'password': 'new-password'
})
assert secrets_manager.get_secret('email/credentials')['host'] == 'new-host'
assert secrets_manager.get_secret('api/new-service/key')['api_key'] == 'new-key'
try:
    secrets_manager.rotate_secret('jwt/credentials')
except RotationRefusedError:
    print('refused')
"""


@dataclass(frozen=True)
class DevAccount:
    """An account with Dev's user and secrets.

    Attributes:
        world: What the templates say.
        root: A client's options as the account's root user.
        user: The same as Dev's user.
    """

    world: World
    root: dict[str, Any]
    user: dict[str, Any]


@pytest.fixture(scope="module")
def account(cloud: RunningCloud, tmp_path_factory: pytest.TempPathFactory) -> DevAccount:
    """Dev's user with an access key, and Dev's secrets with values and their policies."""
    out = tmp_path_factory.mktemp("dev")
    app = App(outdir=str(out))
    add_stacks(app, [dev()])
    app.synth()
    texts = {file.name.removesuffix(".template.json"): file.read_text("utf-8") for file in out.glob("*.template.json")}
    world = build_world(dev(), {name: json.loads(text) for name, text in texts.items()})
    root = dict(client_options(replace(cloud.description, account=world.account)))
    secrets = client("secretsmanager", root)
    for name in (*world.secrets, *of_others(world.environment), *STRANGERS):
        value = VALUES.get(name.split("/")[2] if name.startswith("alees/dev/") else "admin", {})
        secrets.create_secret(Name=name, SecretString=json.dumps(value), Tags=[RECORDED])
    for name, secret in world.secrets.items():
        secrets.put_resource_policy(SecretId=name, ResourcePolicy=_document(secret.policy))
    return DevAccount(world, root, _user(world, root))


def _user(world: World, root: dict[str, Any]) -> dict[str, Any]:
    iam, principal = client("iam", root), world.principals[USER]
    bound = iam.create_policy(
        PolicyName=principal.boundary_name, Path="/alees/", PolicyDocument=_document(principal.boundary)
    )["Policy"]["Arn"]
    iam.create_user(UserName=USER, Path="/alees/dev/", PermissionsBoundary=bound)
    iam.put_user_policy(UserName=USER, PolicyName="own", PolicyDocument=_document(principal.own))
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    return {**root, "aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def _document(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def test_every_cell_of_the_user_is_as_the_matrix_has_it(
    account: DevAccount, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = account.world.environment
    secrets, root = client("secretsmanager", account.user), client("secretsmanager", account.root)
    wrong, count = [], Counter[tuple[bool, bool]]()
    for name in (*account.world.secrets, *of_others(environment), *STRANGERS):
        version = next(iter(root.describe_secret(SecretId=name)["VersionIdsToStages"]))
        allowed = {action for action in Action if may(environment, Duty.DEVELOPER, action, name)}
        for action in Action:
            count[action in allowed, action in LAUNCHERS] += 1
            if outcomes(secrets, action, name, version, "dev") != {action not in allowed}:
                wrong.append(f"{action} {name}: to be {'allowed' if action in allowed else 'denied'}")
        wrong += wrongly_allowed(secrets, name, allowed)

    with capsys.disabled():
        sys.stdout.write(
            f"\nDev's user, the emulator by itself: {count[True, False]} cells allowed, {count[False, False]} denied; "
            f"with what the launcher judges: {count[True, True]} allowed, {count[False, True]} denied\n"
        )
    assert wrong == []


def test_the_four_environment_variables_open_what_the_customers_document_calls(account: DevAccount) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_DOCUMENTED],
        cwd=PROJECT,
        env={
            **caller_environment_without_aws(),
            "AWS_ENDPOINT_URL": account.user["endpoint_url"],
            "AWS_ACCESS_KEY_ID": account.user["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": account.user["aws_secret_access_key"],
            "AWS_REGION": account.world.environment.region,
            "AWS_SECRETS_PREFIX": "alees/dev/",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "refused\n"), done.stderr
    made = client("secretsmanager", account.root).describe_secret(SecretId="alees/dev/api/new-service/key")
    assert made["KmsKeyId"] == "alias/alees/dev/api"


def test_the_user_gets_no_more_rights_than_it_has(account: DevAccount) -> None:
    iam, named = client("iam", account.user), {"UserName": USER}

    assert is_denied(iam.create_access_key, **named)
    assert is_denied(iam.put_user_policy, **named, PolicyName="more", PolicyDocument=_document([]))
    assert is_denied(iam.delete_user_permissions_boundary, **named)
    assert is_denied(client("kms", account.user).create_key)


def test_an_access_key_that_was_deactivated_opens_nothing(account: DevAccount) -> None:
    iam, named = client("iam", account.root), {"UserName": USER}
    key = iam.create_access_key(**named)["AccessKey"]
    options = {**account.user, "aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    secrets = client("secretsmanager", options)
    assert secrets.describe_secret(SecretId="alees/dev/jwt/credentials")

    iam.update_access_key(**named, AccessKeyId=key["AccessKeyId"], Status="Inactive")

    with pytest.raises(ClientError):
        secrets.describe_secret(SecretId="alees/dev/jwt/credentials")
