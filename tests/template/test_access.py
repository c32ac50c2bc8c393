"""Exact statements of the policies of roles, secrets and their keys, and no wildcard without a reason."""

from typing import Any

import pytest

from tests.template.reading import Template, plain, resources, role_statements, statements

ACCOUNT = "111122223333"
SECRETS = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:"
ROLES = f"arn:aws:iam::{ACCOUNT}:role/alees/prod/alees-prod-"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/cdk-*-cfn-exec-role-{ACCOUNT}-eu-central-1"
DATABASE, JWT, EMAIL = "<DatabaseSecretBD1F58AE>", "<JwtSecret4F1985F3>", "<EmailSecret1FDF9D70>"
PARTNERS, PAYMENTS = "<ServicepartnersSecret379F2934>", "<ServicepaymentsSecret1589AEDD>"


def via(path: str) -> dict[str, Any]:
    """Return the conditions under which a key may be used for one secret."""
    return {
        "StringEquals": {"kms:CallerAccount": ACCOUNT, "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"},
        "StringLike": {"kms:EncryptionContext:SecretARN": [f"{SECRETS}alees/prod/{path}-??????"]},
    }


def decrypt(path: str, key: str, *more: str) -> dict[str, Any]:
    actions: Any = ["kms:Decrypt", *more] if more else "kms:Decrypt"
    return {"Action": actions, "Condition": via(path), "Effect": "Allow", "Resource": key}


NETWORK_INTERFACES = {
    "Action": [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ],
    "Effect": "Allow",
    "Resource": "*",
}


def logs(group: str) -> dict[str, Any]:
    return {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Effect": "Allow", "Resource": group}


PUT_EVENTS = {
    "Action": "events:PutEvents",
    "Effect": "Allow",
    "Resource": f"arn:aws:events:eu-central-1:{ACCOUNT}:event-bus/default",
}
"""Lambda sends the record of a failed canary in the function's name."""


def named(*paths: str) -> Any:
    """Return the patterns of secrets in policies."""
    found = [f"{SECRETS}alees/prod/{path}-??????" for path in paths]
    return found if len(found) > 1 else found[0]


SEE_WHAT_WATCHES: list[dict[str, Any]] = [
    {
        "Action": "cloudwatch:DescribeAlarms",
        "Effect": "Allow",
        "Resource": f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:*",
    },
    {
        "Action": "sns:ListSubscriptionsByTopic",
        "Effect": "Allow",
        "Resource": f"arn:aws:sns:eu-central-1:{ACCOUNT}:AleesSecretsProd-Alerts*",
    },
    {"Action": "sns:ListTopics", "Effect": "Allow", "Resource": "*"},
]

USED = ("database/credentials", "jwt/credentials", "email/credentials", "api/*/key")


def tag(path: str) -> dict[str, Any]:
    keys = ["last-operation", "reason", "incident", "caller", "operated-at"]
    return {
        "Action": "secretsmanager:TagResource",
        "Condition": {
            "ForAllValues:StringEquals": {"aws:TagKeys": [f"alees:{key}" for key in keys]},
            "Null": {"aws:TagKeys": "false"},
        },
        "Effect": "Allow",
        "Resource": named(path),
    }


def rotate(path: str) -> list[dict[str, Any]]:
    calls = ["DescribeSecret", "PutSecretValue", "UpdateSecretVersionStage"]
    return [
        {"Action": "secretsmanager:GetSecretValue", "Effect": "Allow", "Resource": named(path)},
        {"Action": [f"secretsmanager:{call}" for call in calls], "Effect": "Allow", "Resource": named(path)},
        tag(path),
    ]


IN_USE = {
    "StringEqualsIfExists": {"secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"]},
    "Null": {"secretsmanager:VersionId": "true"},
}


def test_the_application_may_read_and_describe_its_secrets_and_nothing_else(prod: Template) -> None:
    context = {**via("x")["StringEquals"]}
    about_used = {"StringEquals": context, "StringLike": {"kms:EncryptionContext:SecretARN": named(*USED)}}
    by_alias = {**about_used, "ForAnyValue:StringLike": {"kms:ResourceAliases": ["alias/alees/prod/api"]}}
    keys = ["<DatabaseKey7998E78F.Arn>", "<JwtKey6857899C.Arn>", "<EmailKey8290C74B.Arn>"]

    assert role_statements(prod, "ApplicationRole770F378B") == [
        {
            "Action": "secretsmanager:GetSecretValue",
            "Condition": IN_USE,
            "Effect": "Allow",
            "Resource": named(*USED),
        },
        {"Action": "secretsmanager:DescribeSecret", "Effect": "Allow", "Resource": named(*USED)},
        {"Action": "secretsmanager:BatchGetSecretValue", "Effect": "Allow", "Resource": "*"},
        {"Action": "kms:Decrypt", "Condition": about_used, "Effect": "Allow", "Resource": keys},
        {
            "Action": "kms:Decrypt",
            "Condition": by_alias,
            "Effect": "Allow",
            "Resource": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/*",
        },
    ]


def test_the_database_function_may_do_what_its_steps_do_and_nothing_else(prod: Template) -> None:
    assert role_statements(prod, "DatabaseRotationRoleA55639A9") == [
        logs("<DatabaseRotationLog27B9B1EB.Arn>"),
        NETWORK_INTERFACES,
        *rotate("database/credentials"),
        decrypt("database/credentials", "<DatabaseKey7998E78F.Arn>", "kms:GenerateDataKey"),
        {
            "Action": "secretsmanager:GetSecretValue",
            "Condition": IN_USE,
            "Effect": "Allow",
            "Resource": f"{SECRETS}rds!cluster-11111111-2222-3333-4444-555555555555-??????",
        },
        PUT_EVENTS,
    ]


def test_the_jwt_function_may_do_what_its_steps_do_and_nothing_else(prod: Template) -> None:
    (group,) = (name for name in resources(prod, "AWS::Logs::LogGroup") if name.startswith("JwtRotation"))

    assert role_statements(prod, "JwtRotationRoleA714DEE1") == [
        logs(f"<{group}.Arn>"),
        NETWORK_INTERFACES,
        *rotate("jwt/credentials"),
        decrypt("jwt/credentials", "<JwtKey6857899C.Arn>", "kms:GenerateDataKey"),
        PUT_EVENTS,
    ]


def test_the_api_key_function_may_do_what_its_steps_do_for_its_shard_and_nothing_else(
    templates: dict[str, Template],
) -> None:
    assert role_statements(templates["AleesSecretsProdApi01"], "ApiKeyRotationRole91E3BF3E") == [
        logs("<ApiKeyRotationLog5CA4569C.Arn>"),
        NETWORK_INTERFACES,
        {"Action": "secretsmanager:GetSecretValue", "Effect": "Allow", "Resource": named("api/*/key")},
        {"Action": "secretsmanager:PutSecretValue", "Effect": "Allow", "Resource": named("api/*/key")},
        decrypt("api/*/key", "<Key9BCD29C7.Arn>", "kms:GenerateDataKey"),
        {
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:UpdateSecretVersionStage"],
            "Effect": "Allow",
            "Resource": named("api/*/key"),
        },
        tag("api/*/key"),
        {
            "Action": "secretsmanager:GetSecretValue",
            "Condition": IN_USE,
            "Effect": "Allow",
            "Resource": f"{SECRETS}alees-prod-payments-management-??????",
        },
        PUT_EVENTS,
    ]


def test_the_email_function_may_do_what_its_steps_do_and_nothing_else(prod: Template) -> None:
    # No network interfaces: it runs outside any VPC (docs/adr/0013).
    assert role_statements(prod, "EmailRotationRole912739C7") == [
        logs("<EmailRotationLogF2CEF235.Arn>"),
        *rotate("email/credentials"),
        decrypt("email/credentials", "<EmailKey8290C74B.Arn>", "kms:GenerateDataKey"),
        {
            "Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"],
            "Effect": "Allow",
            "Resource": "<SmtpUser968CB67C.Arn>",
        },
        PUT_EVENTS,
    ]


def test_the_operator_may_start_rotations_as_they_are_and_read_no_value(prod: Template) -> None:
    assert role_statements(prod, "OperatorRoleE90607EC") == [
        {
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
            "Effect": "Allow",
            "Resource": named(*USED),
        },
        {"Action": "secretsmanager:ListSecrets", "Effect": "Allow", "Resource": "*"},
        {
            "Action": "secretsmanager:RotateSecret",
            "Condition": {
                "Null": {"secretsmanager:RotationLambdaARN": "true"},
                "BoolIfExists": {"secretsmanager:ModifyRotationRules": "false"},
            },
            "Effect": "Allow",
            "Resource": named("database/credentials", "jwt/credentials", "email/credentials", "api/*/key"),
        },
        {
            "Action": "lambda:InvokeFunction",
            "Effect": "Allow",
            "Resource": [
                "<DatabaseRotationFunction5F5966C8.Arn>",
                "<JwtRotationFunctionC41407B4.Arn>",
                "<EmailRotationFunctionFC95D640.Arn>",
                f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:AleesSecretsProdApi01-*",
            ],
        },
        *SEE_WHAT_WATCHES,
    ]


def test_the_auditor_may_see_what_happened_besides(prod: Template) -> None:
    found = role_statements(prod, "AuditorRole7862C9B0")

    assert found[-4:] == [
        *SEE_WHAT_WATCHES,
        {"Action": "cloudtrail:LookupEvents", "Effect": "Allow", "Resource": "*"},
    ]
    assert not any("LookupEvents" in str(each) for each in role_statements(prod, "OperatorRoleE90607EC"))


def test_the_health_function_may_look_and_tell_and_read_no_value(prod: Template) -> None:
    assert role_statements(prod, "HealthFunctionRole90372A55") == [
        logs("<HealthFunctionLog9F8A1F4A.Arn>"),
        PUT_EVENTS,
        {"Action": "sns:ListSubscriptionsByTopic", "Effect": "Allow", "Resource": "<AlertsTopicCF7C81C9>"},
        {
            "Action": "cloudtrail:GetTrailStatus",
            "Effect": "Allow",
            "Resource": f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:trail/alees-secrets",
        },
        {
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
            "Effect": "Allow",
            "Resource": named(*USED),
        },
        {"Action": "secretsmanager:ListSecrets", "Effect": "Allow", "Resource": "*"},
    ]


@pytest.mark.parametrize(
    ("stack", "key", "paths", "duties"),
    [
        (
            "AleesSecretsProd",
            "DatabaseKey7998E78F",
            ["database/credentials", "admin/credentials"],
            ["application", "database-rotation", "writer", "break-glass"],
        ),
        (
            "AleesSecretsProd",
            "JwtKey6857899C",
            ["jwt/credentials"],
            ["application", "jwt-rotation", "writer", "break-glass"],
        ),
        (
            "AleesSecretsProd",
            "EmailKey8290C74B",
            ["email/credentials"],
            ["application", "email-rotation", "writer", "break-glass"],
        ),
        (
            "AleesSecretsProdApi01",
            "Key9BCD29C7",
            ["api/*/key"],
            ["application", "api-rotation", "writer", "break-glass"],
        ),
    ],
)
def test_a_key_works_through_secrets_manager_only_when_used_by_named_roles(
    templates: dict[str, Template], stack: str, key: str, paths: list[str], duties: list[str]
) -> None:
    policy = templates[stack]["Resources"][key]["Properties"]["KeyPolicy"]
    administration, use = plain(policy["Statement"])

    assert use == {
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Condition": {
            "StringEquals": via("x")["StringEquals"],
            "StringLike": {"kms:EncryptionContext:SecretARN": [f"{SECRETS}alees/prod/{each}-??????" for each in paths]},
            "ArnLike": {"aws:PrincipalArn": [*(f"{ROLES}{duty}" for duty in duties), DEPLOYER]},
        },
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Resource": "*",
        "Sid": "UseThroughSecretsManager",
    }
    assert administration["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def test_the_account_administers_every_key_and_can_use_none(templates: dict[str, Template]) -> None:
    found = [
        each
        for template in templates.values()
        for _, each in statements(template)
        if each.get("Sid") == "AccountAdministration"
    ]

    forbidden = ("Decrypt", "Encrypt", "GenerateDataKey", "CreateGrant", "Sign", "*")
    assert len(found) == sum(len(resources(template, "AWS::KMS::Key")) for template in templates.values())
    for each in found:
        assert "kms:PutKeyPolicy" in each["Action"]
        assert not [action for action in each["Action"] if any(word in action for word in forbidden)]


@pytest.mark.parametrize(
    ("stack", "secret", "duties"),
    [
        ("AleesSecretsProd", DATABASE, ["application", "database-rotation", "break-glass"]),
        ("AleesSecretsProd", JWT, ["application", "jwt-rotation", "break-glass"]),
        ("AleesSecretsProd", EMAIL, ["application", "email-rotation", "break-glass"]),
        ("AleesSecretsProdApi01", PARTNERS, ["application", "api-rotation", "break-glass"]),
        ("AleesSecretsProdApi01", PAYMENTS, ["application", "api-rotation", "break-glass"]),
    ],
)
def test_a_secrets_policy_denies_values_to_all_but_named_roles_and_without_tls(
    templates: dict[str, Template], stack: str, secret: str, duties: list[str]
) -> None:
    (policy,) = (
        each["Properties"]
        for each in resources(templates[stack], "AWS::SecretsManager::ResourcePolicy").values()
        if plain(each["Properties"]["SecretId"]) == secret
    )

    assert policy["BlockPublicPolicy"] is True
    assert plain(policy["ResourcePolicy"]["Statement"]) == [
        {
            "Action": "secretsmanager:GetSecretValue",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": [f"{ROLES}{duty}" for duty in duties]}},
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Resource": "*",
            "Sid": "OnlyNamedRolesReadValues",
        },
        {
            "Action": ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Resource": "*",
            "Sid": "NoValuesWithoutTls",
        },
    ]


def test_nobody_reads_the_honey_secret(prod: Template) -> None:
    (policy,) = (
        plain(each["Properties"]["ResourcePolicy"]["Statement"])
        for name, each in resources(prod, "AWS::SecretsManager::ResourcePolicy").items()
        if name.startswith("Honey")
    )

    assert policy[0] == {
        "Action": "secretsmanager:GetSecretValue",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Resource": "*",
        "Sid": "OnlyNamedRolesReadValues",
    }
