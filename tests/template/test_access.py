"""Exact statements of every policy, and no wildcard without a reason."""

from typing import Any

from tests.template.reading import Template, only, plain, resources, role_statements, statements

SECRET = "<DatabaseSecretBD1F58AE>"
KEY = "<DatabaseKey7998E78F.Arn>"
PATTERN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:alees/prod/database/credentials-??????"
APPLICATION = "arn:aws:iam::111122223333:role/alees/prod/alees-prod-application"
ROTATION = "arn:aws:iam::111122223333:role/alees/prod/alees-prod-database-rotation"
DEPLOYER = "arn:aws:iam::111122223333:role/cdk-*-cfn-exec-role-111122223333-eu-central-1"
VIA_SECRETS_MANAGER: dict[str, Any] = {
    "StringEquals": {
        "kms:CallerAccount": "111122223333",
        "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com",
    },
    "StringLike": {"kms:EncryptionContext:SecretARN": [PATTERN]},
}

WILDCARDS = {
    # In a key policy "*" is this key; the account administers it, and cannot use it.
    ("DatabaseKey7998E78F", "AccountAdministration"),
    # In a key policy "*" is this key; conditions name service, secrets and roles.
    ("DatabaseKey7998E78F", "UseThroughSecretsManager"),
    # In a secret's policy "*" is this secret or its replica; both statements deny.
    ("DatabaseSecretPolicyFB3A9A06", "OnlyNamedRolesReadValues"),
    ("DatabaseSecretPolicyFB3A9A06", "NoValuesWithoutTls"),
    # Lambda makes a function's network interfaces before it knows their ids.
    ("DatabaseRotationRoleDefaultPolicy9E0183F2", "ec2:AssignPrivateIpAddresses"),
}


def test_the_application_may_read_and_describe_its_secret_and_nothing_else(prod: Template) -> None:
    assert role_statements(prod, "ApplicationRole770F378B") == [
        {"Action": "secretsmanager:DescribeSecret", "Effect": "Allow", "Resource": SECRET},
        {
            "Action": "secretsmanager:GetSecretValue",
            "Condition": {
                "StringEqualsIfExists": {"secretsmanager:VersionStage": ["AWSCURRENT", "AWSPREVIOUS"]},
                "Null": {"secretsmanager:VersionId": "true"},
            },
            "Effect": "Allow",
            "Resource": SECRET,
        },
        {"Action": "kms:Decrypt", "Condition": VIA_SECRETS_MANAGER, "Effect": "Allow", "Resource": KEY},
    ]


def test_the_rotation_function_may_do_what_its_steps_do_and_nothing_else(prod: Template) -> None:
    assert role_statements(prod, "DatabaseRotationRoleA55639A9") == [
        {
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Effect": "Allow",
            "Resource": "<DatabaseRotationLog27B9B1EB.Arn>",
        },
        {
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
        },
        {
            "Action": "secretsmanager:GetSecretValue",
            "Effect": "Allow",
            "Resource": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:"
            "rds!cluster-11111111-2222-3333-4444-555555555555-??????",
        },
        {
            "Action": [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            "Effect": "Allow",
            "Resource": SECRET,
        },
        {
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Condition": VIA_SECRETS_MANAGER,
            "Effect": "Allow",
            "Resource": KEY,
        },
    ]


def test_the_key_works_through_secrets_manager_only_when_used_by_named_roles(prod: Template) -> None:
    administration, use = plain(only(prod, "AWS::KMS::Key")["KeyPolicy"]["Statement"])

    assert use == {
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Condition": {**VIA_SECRETS_MANAGER, "ArnLike": {"aws:PrincipalArn": [ROTATION, APPLICATION, DEPLOYER]}},
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Resource": "*",
        "Sid": "UseThroughSecretsManager",
    }
    assert administration["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert "kms:PutKeyPolicy" in administration["Action"]
    forbidden = ("Decrypt", "Encrypt", "GenerateDataKey", "CreateGrant", "Sign", "*")
    assert not [action for action in administration["Action"] if any(word in action for word in forbidden)]


def test_the_secrets_policy_denies_values_to_all_but_named_roles_and_without_tls(prod: Template) -> None:
    policy = only(prod, "AWS::SecretsManager::ResourcePolicy")

    assert policy["BlockPublicPolicy"] is True
    assert plain(policy["ResourcePolicy"]["Statement"]) == [
        {
            "Action": "secretsmanager:GetSecretValue",
            "Condition": {"ArnNotLike": {"aws:PrincipalArn": [ROTATION, APPLICATION]}},
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


def test_roles_have_the_paths_and_names_that_policies_name(prod: Template) -> None:
    roles = resources(prod, "AWS::IAM::Role").values()

    named = {f"arn:aws:iam::111122223333:role{r['Properties']['Path']}{r['Properties']['RoleName']}" for r in roles}
    assert named == {APPLICATION, ROTATION}


def test_each_role_is_for_one_service(prod: Template) -> None:
    trusts = {name: each for name, each in statements(prod) if each["Action"] == "sts:AssumeRole"}

    assert {name: each["Principal"] for name, each in trusts.items()} == {
        "ApplicationRole770F378B": {"Service": "ec2.amazonaws.com"},
        "DatabaseRotationRoleA55639A9": {"Service": "lambda.amazonaws.com"},
    }


def test_only_secrets_manager_of_this_account_may_invoke_the_function(prod: Template) -> None:
    permission = only(prod, "AWS::Lambda::Permission")

    assert (permission["Principal"], permission["SourceAccount"]) == ("secretsmanager.amazonaws.com", "111122223333")


def test_every_wildcard_has_its_reason(prod: Template) -> None:
    found = {
        (name, str(each.get("Sid") or each["Action"][0]))
        for name, each in statements(prod)
        if "*" in "".join([*each.get("Resource", ""), *each["Action"]])
    }

    assert found == WILDCARDS
