"""Roles and users: whom they trust, what bounds them, and who may invoke functions."""

from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import Environment as CdkEnvironment
from aws_cdk.assertions import Template as CdkTemplate

from config.people import IamUser, IdentityCenterRole, TrustedPrincipal
from constructs_lib.access.people_role import PeopleRole
from tests.template.reading import Template, one, plain, resources, statements

ACCOUNT = "111122223333"
ROLES = f"arn:aws:iam::{ACCOUNT}:role/alees/prod/alees-prod-"
SSO = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/alees/alees-boundary"


def test_the_sending_user_may_send_as_the_declared_senders_and_nothing_else(
    prod: Template, templates: dict[str, Template]
) -> None:
    user = prod["Resources"]["SmtpUser968CB67C"]
    send = {
        "Action": "ses:SendRawEmail",
        "Effect": "Allow",
        "Resource": [f"arn:aws:ses:eu-central-1:{ACCOUNT}:{each}/*" for each in ("identity", "configuration-set")],
    }

    assert plain(user["Properties"]) == {
        "Path": "/alees/prod/",
        "UserName": "alees-prod-smtp",
        "PermissionsBoundary": BOUNDARY,
        "Tags": [{"Key": "alees:environment", "Value": "prod"}],
    }
    assert user["DeletionPolicy"] == "RetainExceptOnCreate"
    sender = {"StringLike": {"ses:FromAddress": ["*@alees.example"]}}
    found = [each for name, each in statements(prod) if name.startswith("SmtpUser")]
    assert found == [send | {"Condition": sender}]
    staging = [each for name, each in statements(templates["AleesSecretsStaging"]) if name.startswith("SmtpUser")]
    assert ["Condition" in each for each in staging] == [False]


def test_no_access_key_is_made_by_cloudformation(templates: dict[str, Template]) -> None:
    # Its secret would stand in the stack's state and, as an output, in everybody's console.
    assert [name for name, each in templates.items() if resources(each, "AWS::IAM::AccessKey")] == []


def test_the_boundary_lets_the_function_handle_keys_of_sending_users_alone(templates: dict[str, Template]) -> None:
    found = {each["Sid"]: each for _, each in statements(templates["AleesSecretsAccount111122223333"]) if "Sid" in each}

    assert found["SendingKeys"]["Resource"] == f"arn:aws:iam::{ACCOUNT}:user/alees/*-smtp"
    assert found["SendingKeys"]["Action"] == [
        "iam:CreateAccessKey",
        "iam:DeleteAccessKey",
        "iam:ListAccessKeys",
        "iam:UpdateAccessKey",
    ]
    assert found["Mail"]["Action"] == "ses:SendRawEmail"


def _people_role(stack: Stack, trusted: list[TrustedPrincipal]) -> PeopleRole:
    return PeopleRole(
        stack, "Role", role_name="operator", role_path="/alees/prod/", description="People", trusted=trusted
    )


@pytest.mark.parametrize(
    ("trusted", "conditions"),
    [
        (
            [IdentityCenterRole(permission_set="OnCall")],
            [{"ArnLike": {"aws:PrincipalArn": [f"{SSO}/*AWSReservedSSO_OnCall_????????????????"]}}],
        ),
        (
            [IamUser(name="ann"), IamUser(name="bob")],
            [
                {
                    "ArnLike": {
                        "aws:PrincipalArn": [f"arn:aws:iam::{ACCOUNT}:user/ann", f"arn:aws:iam::{ACCOUNT}:user/bob"]
                    },
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                }
            ],
        ),
    ],
    ids=["identity center", "users"],
)
def test_the_operators_role_trusts_the_declared_people_alone(
    trusted: list[TrustedPrincipal], conditions: list[dict[str, Any]]
) -> None:
    stack = Stack(App(), "Stack", env=CdkEnvironment(account=ACCOUNT, region="eu-central-1"))
    _people_role(stack, trusted)

    found = [each for _, each in statements(dict(CdkTemplate.from_stack(stack).to_json()))]
    assert [each["Condition"] for each in found] == conditions
    assert {each["Principal"]["AWS"] for each in found} == {f"arn:aws:iam::{ACCOUNT}:root"}


def test_both_kinds_of_people_are_trusted_each_on_their_terms() -> None:
    stack = Stack(App(), "Stack", env=CdkEnvironment(account=ACCOUNT, region="eu-central-1"))
    trusted: list[TrustedPrincipal] = [IamUser(name="ann"), IdentityCenterRole(permission_set="OnCall")]
    _people_role(stack, trusted)

    found = [each for _, each in statements(dict(CdkTemplate.from_stack(stack).to_json()))]

    assert ["Bool" in each["Condition"] for each in found] == [True, False]


PEOPLE = ("operator", "writer", "auditor", "break-glass")


def test_roles_have_the_names_that_policies_name_and_the_boundary(prod: Template) -> None:
    roles = [plain(each["Properties"]) for each in resources(prod, "AWS::IAM::Role").values()]

    bounded = {f"arn:aws:iam::{ACCOUNT}:role{role['Path']}{role['RoleName']}": role for role in roles}
    functions = ("access-watch", "alerting", "database-rotation", "jwt-rotation", "email-rotation", "health")
    running = ("application", *functions)
    assert {arn: role["PermissionsBoundary"] for arn, role in bounded.items()} == {
        **{f"{ROLES}{duty}": BOUNDARY for duty in running},
        **{f"{ROLES}{duty}": BOUNDARY.replace("boundary", "people-boundary") for duty in PEOPLE},
    }
    assert {bounded[f"{ROLES}{duty}"]["MaxSessionDuration"] for duty in PEOPLE} == {3600}


def test_each_role_is_for_one_service(prod: Template) -> None:
    trusts = {
        name: each
        for name, each in statements(prod)
        if each["Action"] == "sts:AssumeRole" and each["Principal"].keys() == {"Service"}
    }

    assert {name: each["Principal"] for name, each in trusts.items()} == {
        "AccessWatchWatchingRole381AE2B2": {"Service": "lambda.amazonaws.com"},
        "AlertingRoleDF91462B": {"Service": "lambda.amazonaws.com"},
        "ApplicationRole770F378B": {"Service": "ec2.amazonaws.com"},
        "DatabaseRotationRoleA55639A9": {"Service": "lambda.amazonaws.com"},
        "EmailRotationRole912739C7": {"Service": "lambda.amazonaws.com"},
        "HealthFunctionRole90372A55": {"Service": "lambda.amazonaws.com"},
        "JwtRotationRoleA714DEE1": {"Service": "lambda.amazonaws.com"},
    }


def test_only_secrets_manager_of_this_account_may_invoke_the_functions_and_a_rule_their_canaries(
    prod: Template,
) -> None:
    permissions = sorted(
        (
            plain(each["Properties"])
            for name, each in resources(prod, "AWS::Lambda::Permission").items()
            if name.startswith(("Database", "Email", "Jwt"))
        ),
        key=lambda each: str(each["FunctionName"]),
    )

    assert permissions == [
        permission
        for domain in ("Database", "Email", "Jwt")
        for permission in (
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": f"<{one(prod, 'AWS::Lambda::Function', domain)}.Arn>",
                "Principal": "secretsmanager.amazonaws.com",
                "SourceAccount": ACCOUNT,
            },
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": f"<{one(prod, 'AWS::Lambda::Alias', domain)}>",
                "Principal": "events.amazonaws.com",
                "SourceArn": f"<{one(prod, 'AWS::Events::Rule', domain)}.Arn>",
            },
        )
    ]


def test_only_its_own_rules_may_invoke_the_function_that_alerts(prod: Template) -> None:
    function = f"<{one(prod, 'AWS::Lambda::Function', 'Alerting')}.Arn>"
    found = [plain(each["Properties"]) for each in resources(prod, "AWS::Lambda::Permission").values()]
    rules = [name for name in resources(prod, "AWS::Events::Rule") if name.startswith("Alerts")]

    alerting = [each for each in found if each["FunctionName"] == function]
    assert {each["SourceArn"] for each in alerting} == {f"<{name}.Arn>" for name in rules}
    assert {each["Principal"] for each in alerting} == {"events.amazonaws.com"}


def test_devs_user_reads_writes_and_rotates_and_no_other_environment_has_one(templates: dict[str, Template]) -> None:
    dev = templates["AleesSecretsDev"]
    (user,) = (each for name, each in resources(dev, "AWS::IAM::User").items() if name.startswith("Developer"))
    (name,) = (name for name in resources(dev, "AWS::IAM::User") if name.startswith("Developer"))
    (policy,) = (
        each["Properties"]
        for each in resources(dev, "AWS::IAM::Policy").values()
        if each["Properties"].get("Users") == [{"Ref": name}]
    )

    assert "Groups" not in user["Properties"]
    assert "Policies" not in user["Properties"]
    actions = {
        action
        for each in policy["PolicyDocument"]["Statement"]
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        if action.startswith("secretsmanager:")
    }
    allowed = {each.split(":")[1] for each in actions}
    assert {"GetSecretValue", "CreateSecret", "PutSecretValue", "RotateSecret"} < allowed
    others = [template for stack, template in templates.items() if stack != "AleesSecretsDev"]
    assert not [name for each in others for name in resources(each, "AWS::IAM::User") if name.startswith("Developer")]
