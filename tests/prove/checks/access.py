"""Who reads a value, and who uses a key."""

import json
from typing import Any

from botocore.exceptions import ClientError

from alees_secrets import naming
from tests.prove.checks.check import Seen, is_denied, seen
from tests.prove.errors import ProveError
from tests.prove.sandbox import Sandbox

_DATABASE = "database/credentials"


def application(sandbox: Sandbox) -> Any:
    """Return a client of Secrets Manager with the ERP's own role.

    EC2 alone may assume it. Here the account may too, until the role is destroyed with its stack: what the role's
    policies let through is seen with the role itself, where a simulation leaves out keys and resource policies.

    Raises:
        ProveError: IAM still refuses after two minutes; it does so for the account's root user.
    """
    sts, iam = sandbox.client("sts"), sandbox.client("iam")
    caller = sts.get_caller_identity()
    partition = caller["Arn"].split(":")[1]
    slug = sandbox.environment.slug
    name = naming.role_name(slug, "application")
    arn = f"arn:{partition}:iam::{caller['Account']}:role{naming.role_path(slug)}{name}"
    session: dict[str, str] = {}

    def assumed() -> bool:
        """Try to assume the role; IAM takes seconds to know a new trust policy."""
        try:
            session.update(sts.assume_role(RoleArn=arn, RoleSessionName="prove")["Credentials"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=_trust(partition, caller["Account"]))
        return bool(session)

    if not sandbox.wait_for(assumed, 2):
        raise ProveError(f"{arn} cannot be assumed with these credentials")
    return sandbox.session.client(
        "secretsmanager",
        region_name=sandbox.environment.region,
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )


def _trust(partition: str, account: str) -> str:
    principals = [{"Service": "ec2.amazonaws.com"}, {"AWS": f"arn:{partition}:iam::{account}:root"}]
    statements = [{"Effect": "Allow", "Principal": each, "Action": "sts:AssumeRole"} for each in principals]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def secrets_have_their_keys(sandbox: Sandbox) -> Seen:
    """Look at which key encrypts each secret."""
    kms = sandbox.client("kms")
    wrong = []
    for path in sandbox.environment.secret_paths:
        alias = naming.key_alias(sandbox.environment.slug, path.partition("/")[0])
        used = sandbox.describe(path).get("KmsKeyId", "none")
        ids = {kms.describe_key(KeyId=each)["KeyMetadata"]["KeyId"] for each in (alias, used)} if used != "none" else {}
        if len(ids) != 1:
            wrong.append(path)
    count = len(sandbox.environment.secret_paths)
    return seen(f"{count - len(wrong)} of {count} secrets under their own keys", as_expected=not wrong)


def key_is_refused_outside(sandbox: Sandbox) -> Seen:
    """Use a key without Secrets Manager, as the administrator who runs this."""
    alias = naming.key_alias(sandbox.environment.slug, "database")
    denied = is_denied(sandbox.client("kms").encrypt, KeyId=alias, Plaintext=b"x")
    return seen("kms:Encrypt is denied" if denied else "kms:Encrypt is allowed", as_expected=denied)


def administrator_is_denied(sandbox: Sandbox) -> Seen:
    """Read a value as the administrator who runs this."""
    denied = is_denied(sandbox.client("secretsmanager").get_secret_value, SecretId=sandbox.secret(_DATABASE))
    return seen("the value is denied" if denied else "the value is allowed", as_expected=denied)


def application_reads(sandbox: Sandbox) -> Seen:
    """Read every secret as the ERP does, and the previous values of those that rotate."""
    client, paths = application(sandbox), sandbox.environment.secret_paths
    wanted = [(path, "AWSCURRENT") for path in paths]
    wanted += [(path, "AWSPREVIOUS") for path in sandbox.environment.rotated_paths]
    denied = [
        f"{path} {stage}"
        for path, stage in wanted
        if is_denied(client.get_secret_value, SecretId=sandbox.secret(path), VersionStage=stage)
    ]
    text = f"denied: {', '.join(denied)}" if denied else f"{len(wanted)} values of {len(paths)} secrets read"
    return seen(text, as_expected=not denied)


def version_id_is_denied(sandbox: Sandbox) -> Seen:
    """Read a value by its version's id as the ERP, with the stage named and without."""
    client, name = application(sandbox), sandbox.secret(_DATABASE)
    versions = sandbox.describe(_DATABASE)["VersionIdsToStages"]
    current = next(version for version, stages in versions.items() if "AWSCURRENT" in stages)
    stages: tuple[dict[str, str], ...] = ({}, {"VersionStage": "AWSCURRENT"})
    denied = [is_denied(client.get_secret_value, SecretId=name, VersionId=current, **stage) for stage in stages]
    return seen(f"denied {denied.count(True)} of {len(denied)} times", as_expected=all(denied))
