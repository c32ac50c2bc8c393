"""Every cell of the access matrix in the local AWS with IAM enforced: what is to be allowed is, the rest is denied."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from config.access import Action, Duty, duties, honey_name, may, readers
from tests.end_to_end import identities
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.identities import EVERYTHING, client, is_denied
from tests.end_to_end.matrix_calls import LAUNCHERS, RECORDED, batch_denied, outcomes, wrongly_allowed
from tests.template.iam.probes import of_others

pytestmark = pytest.mark.servers

CI = ("alees-ci-diff", "alees-ci-deploy")
STRANGERS = (
    "alees/prod/other/credentials",
    "alees/prod/api/unmanaged/key",
    "alees/prod/database/credentials-of-old",
    "alees/staging/database/credentials",
)
FUNCTION = "arn:aws:lambda:eu-central-1:111122223333:function:other"


@pytest.fixture(scope="module")
def prod(deployments: dict[str, Deployment]) -> Iterator[Deployment]:
    """Prod, with some secrets besides its own."""
    deployed = deployments["Prod"]
    secrets = deployed.client("secretsmanager")
    for name in STRANGERS:
        secrets.create_secret(Name=name, SecretString="{}")
    yield deployed
    for name in STRANGERS:
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)


def _names(deployed: Deployment) -> list[str]:
    environment = deployed.environment
    declared = [deployed.name(path) for path in environment.secret_paths]
    return [*declared, honey_name(environment), *of_others(environment), *STRANGERS]


def _version(deployed: Deployment, name: str) -> str:
    versions = deployed.client("secretsmanager").describe_secret(SecretId=name)["VersionIdsToStages"]
    return next(str(version) for version, stages in versions.items() if "AWSCURRENT" in stages)


def test_every_cell_is_as_the_matrix_has_it(prod: Deployment, capsys: pytest.CaptureFixture[str]) -> None:
    names = {name: _version(prod, name) for name in _names(prod)}
    for name in names:
        prod.client("secretsmanager").tag_resource(SecretId=name, Tags=[RECORDED])
    described = {name: prod.client("secretsmanager").describe_secret(SecretId=name) for name in names}
    wrong, count = [], Counter[tuple[bool, bool]]()
    for duty in (*duties(prod.environment), *CI):
        secrets = client("secretsmanager", identities.as_duty(prod, duty))
        for name, version in names.items():
            allowed = {action for action in Action if may(prod.environment, duty, action, name)}
            for action in Action:
                count[action in allowed, action in LAUNCHERS] += 1
                if outcomes(secrets, action, name, version, "prod") != {action not in allowed}:
                    wrong.append(f"{duty} {action} {name}: to be {'allowed' if action in allowed else 'denied'}")
            wrong += [f"{duty}: {each}" for each in wrongly_allowed(secrets, name, allowed)]

    with capsys.disabled():
        sys.stdout.write(
            f"\nThe emulator by itself: {count[True, False]} cells allowed, {count[False, False]} denied; "
            f"with what the launcher judges: {count[True, True]} allowed, {count[False, True]} denied\n"
        )
    assert wrong == []
    after = {name: prod.client("secretsmanager").describe_secret(SecretId=name) for name in names}
    kept = ("VersionIdsToStages", "RotationEnabled", "RotationRules", "RotationLambdaARN", "KmsKeyId", "Tags")
    for name, before in described.items():
        assert [after[name].get(key) for key in kept] == [before.get(key) for key in kept]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("administrator", "/"),
        ("alees-staging-application", "/alees/staging/"),  # another environment's
        ("alees-prod-application-2", "/alees/prod/"),
        ("alees-prod-reader", "/"),
    ],
)
def test_an_administrator_is_denied_every_value_and_may_mend_every_policy(
    prod: Deployment, name: str, path: str
) -> None:
    options = identities.new_role(prod, name, path, EVERYTHING)
    secrets = client("secretsmanager", options)

    for secret in (*prod.environment.secret_paths, "admin/credentials"):
        about = {"SecretId": prod.name(secret)}
        assert is_denied(secrets.get_secret_value, **about)
        assert is_denied(secrets.get_secret_value, **about, VersionStage="AWSPREVIOUS")
        assert batch_denied(secrets, prod.name(secret))
        for call in ("describe_secret", "get_resource_policy", "list_secret_version_ids"):
            assert not is_denied(getattr(secrets, call), **about)
        assert not is_denied(secrets.put_resource_policy, **about, ResourcePolicy="no JSON")


def test_no_reader_is_given_a_value_without_tls(prod: Deployment) -> None:
    def without_tls(request: Any, **_: Any) -> None:
        request.headers["X-Forwarded-Proto"] = "http"

    for path in prod.environment.secret_paths:
        for duty in readers(prod.environment, prod.name(path)):
            secrets = client("secretsmanager", identities.as_duty(prod, duty))
            assert not is_denied(secrets.get_secret_value, SecretId=prod.name(path))
            secrets.meta.events.register("before-send.secretsmanager.*", without_tls)
            assert is_denied(secrets.get_secret_value, SecretId=prod.name(path))


def test_no_key_is_used_outside_secrets_manager(prod: Deployment) -> None:
    administrator = identities.new_role(prod, "keys-administrator", "/", EVERYTHING)
    root = prod.client("kms")
    for domain in ("database", "jwt", "email", "api"):
        key = root.describe_key(KeyId=f"alias/alees/prod/{domain}")["KeyMetadata"]["Arn"]
        sealed = root.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
        for options in [administrator, *(identities.as_duty(prod, duty) for duty in duties(prod.environment))]:
            keys = client("kms", options)
            assert is_denied(keys.decrypt, KeyId=key, CiphertextBlob=sealed)
            assert is_denied(keys.encrypt, KeyId=key, Plaintext=b"x")
            assert is_denied(keys.generate_data_key, KeyId=key, KeySpec="AES_256")
            assert is_denied(keys.create_grant, KeyId=key, GranteePrincipal=FUNCTION, Operations=["Decrypt"])


def _ways_up(prod: Deployment, options: Mapping[str, Any]) -> list[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Return calls by which a role could get more rights."""
    iam, functions = client("iam", options), client("lambda", options)
    stacks, role = client("cloudformation", options), "alees-prod-application"
    function = prod.client("lambda").list_functions()["Functions"][0]["FunctionName"]
    arn, code = identities.role_arn(prod, f"alees/prod/{role}"), {"ZipFile": b"x"}
    new = {"FunctionName": "new", "Runtime": "python3.14", "Role": arn, "Handler": "x.y", "Code": code}
    named, document = {"RoleName": role}, {"PolicyName": "more", "PolicyDocument": json.dumps({"Statement": []})}
    admin = "arn:aws:iam::aws:policy/AdministratorAccess"
    return [
        ("put_role_policy", iam.put_role_policy, {**named, **document}),
        ("attach_role_policy", iam.attach_role_policy, {**named, "PolicyArn": admin}),
        ("update_assume_role_policy", iam.update_assume_role_policy, {**named, "PolicyDocument": "{}"}),
        ("delete_role_permissions_boundary", iam.delete_role_permissions_boundary, named),
        ("create_role", iam.create_role, {"RoleName": "new", "AssumeRolePolicyDocument": "{}"}),
        ("create_access_key", iam.create_access_key, {"UserName": "root"}),
        ("create_function", functions.create_function, new),
        ("update_function_code", functions.update_function_code, {"FunctionName": function, **code}),
        (
            "update_function_configuration",
            functions.update_function_configuration,
            {"FunctionName": function, "Handler": "x.y"},
        ),
        ("update_stack", stacks.update_stack, {"StackName": "AleesSecretsProd", "TemplateBody": "{}"}),
    ]


def test_no_role_gets_more_rights_than_it_has(prod: Deployment) -> None:
    everybody = (*duties(prod.environment), *CI)
    for duty in everybody:
        options = identities.as_duty(prod, duty)
        assert [name for name, call, arguments in _ways_up(prod, options) if not is_denied(call, **arguments)] == []
        sts = client("sts", options)
        for other in everybody:
            path = "alees" if other in CI else "alees/prod"
            role = other if other in CI else f"alees-prod-{other}"
            arn = identities.role_arn(prod, f"{path}/{role}")
            assert is_denied(sts.assume_role, RoleArn=arn, RoleSessionName="x"), (duty, other)


def test_a_workflow_takes_on_the_role_that_is_for_it_and_no_other(prod: Deployment) -> None:
    github = prod.environment.account.github
    assert github is not None
    allowed = {("alees-ci-diff", github.compares), ("alees-ci-deploy", github.deploys)}
    subjects = [
        github.compares,
        github.deploys,
        f"repo:{github.repository}:ref:refs/heads/main",
        "repo:somebody/else:pull_request",
    ]

    for role in CI:
        for subject in subjects:
            if (role, subject) in allowed:
                assert identities.workflow(prod, role, subject)
            audience = "somebody" if (role, subject) in allowed else "sts.amazonaws.com"
            with pytest.raises(ClientError, match="AccessDenied"):
                identities.workflow(prod, role, subject, audience)


def test_what_compares_reads_templates_and_what_deploys_takes_on_the_bootstrap_alone(prod: Deployment) -> None:
    diff = client("cloudformation", identities.as_duty(prod, "alees-ci-diff"))
    assert diff.get_template(StackName="AleesSecretsProd")["TemplateBody"]
    assert is_denied(diff.delete_stack, StackName="AleesSecretsProd")
    assert is_denied(diff.get_template, StackName="CDKToolkit")

    account = prod.cloud.description.account
    deploy = client("sts", identities.as_duty(prod, "alees-ci-deploy"))
    bootstrap = identities.role_arn(prod, f"cdk-hnb659fds-deploy-role-{account}-eu-central-1")
    assert not is_denied(deploy.assume_role, RoleArn=bootstrap, RoleSessionName="x")


@pytest.mark.parametrize("duty", [Duty.OPERATOR, Duty.WRITER, Duty.AUDITOR, Duty.BREAK_GLASS])
def test_people_take_on_the_role_that_is_theirs_and_no_other(prod: Deployment, duty: Duty) -> None:
    options = identities.person(prod, identities.PERMISSION_SETS[duty])

    for other in identities.PERMISSION_SETS:
        call = client("sts", options).assume_role
        arn = identities.role_arn(prod, f"alees/prod/alees-prod-{other}")
        assert is_denied(call, RoleArn=arn, RoleSessionName="x") is (other != duty)


WORST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}],
}
"""What the derivation makes of a matrix that names nobody: no value is read, and nothing else is denied."""


@pytest.mark.parametrize("mended_by", ["break-glass", "deployment"])
def test_a_mistaken_policy_is_mended_by_break_glass_and_by_a_deployment(prod: Deployment, mended_by: str) -> None:
    account, name = prod.cloud.description.account, prod.name("email/credentials")
    right = prod.client("secretsmanager").get_resource_policy(SecretId=name)["ResourcePolicy"]
    application = client("secretsmanager", identities.as_duty(prod, "application"))
    if mended_by == "deployment":  # CloudFormation acts with root's rights here; in AWS, with this role
        role = f"cdk-test-cfn-exec-role-{account}-eu-central-1"
        mending = client("secretsmanager", identities.new_role(prod, role, "/", EVERYTHING))
    else:
        mending = client("secretsmanager", identities.as_duty(prod, "break-glass"))

    prod.client("secretsmanager").put_resource_policy(SecretId=name, ResourcePolicy=json.dumps(WORST))
    try:
        assert is_denied(application.get_secret_value, SecretId=name)
        assert mending.get_resource_policy(SecretId=name)["ResourcePolicy"] == json.dumps(WORST)
        mending.put_resource_policy(SecretId=name, ResourcePolicy=right)
        assert not is_denied(application.get_secret_value, SecretId=name)
    finally:
        prod.client("secretsmanager").put_resource_policy(SecretId=name, ResourcePolicy=right)
