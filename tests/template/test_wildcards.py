"""Every wildcard in every policy of Prod's stacks has its reason here."""

from tests.template.reading import Template, statements

# In a key policy "*" is this key; in a secret's, this secret or its replica; in a bucket's TLS denial, everything.
OWN_POLICY = {
    "AccountAdministration": "the account administers the key and cannot use it",
    "UseThroughSecretsManager": "conditions name service, secrets and roles",
    "CloudTrailEncrypts": "the condition names the trail",
    "CloudTrailDescribes": "the condition names the trail",
    "LogGroupsEncrypt": "the condition names the log groups of the stack",
    "ReadLogFilesThroughS3": "the condition names service and account; the reader's own policy must allow it too",
    "AlarmsPublish": "one service of AWS, for this account",
    "EventsPublish": "one service of AWS, which supports no condition on the source here",
    "UseThroughAlerts": "conditions name two services and the account; the role's own policy must allow it too",
    "TableGrants": "conditions name one service and the account, which makes the grant for itself",
    "OnlyNamedRolesReadValues": "denies",
    "NoValuesWithoutTls": "denies",
    "CloudTrailWritesLogFiles": "below the account's own prefix",
    "AllowPublishThroughSSLOnly": "denies",
}

API_KEYS = "all API keys of the environment: a list of them does not fit into a policy"

ROLES = {
    ("AccessWatchWatchingRoleDefaultPolicyAC3C8652", "kms:ListAliases"): "knows no resources; returns names",
    ("ApiKeyRotationRoleDefaultPolicy3E6C0E66", "secretsmanager:DescribeSecret"): API_KEYS,
    ("ApiKeyRotationRoleDefaultPolicy3E6C0E66", "secretsmanager:GetSecretValue"): API_KEYS,
    ("ApiKeyRotationRoleDefaultPolicy3E6C0E66", "secretsmanager:PutSecretValue"): API_KEYS,
    ("ApiKeyRotationRoleDefaultPolicy3E6C0E66", "secretsmanager:TagResource"): API_KEYS,
    ("ApplicationRoleDefaultPolicyD65D91FA", "secretsmanager:BatchGetSecretValue"): "each secret needs its own right",
    ("ApplicationRoleDefaultPolicyD65D91FA", "secretsmanager:DescribeSecret"): API_KEYS,
    ("ApplicationRoleDefaultPolicyD65D91FA", "secretsmanager:GetSecretValue"): API_KEYS,
    ("BreakGlassRoleDefaultPolicy749BD7F2", "lambda:InvokeFunction"): "generated names of the shards' only functions",
    ("OperatorRoleDefaultPolicy73288FDA", "secretsmanager:DescribeSecret"): API_KEYS,
    ("OperatorRoleDefaultPolicy73288FDA", "secretsmanager:RotateSecret"): API_KEYS,
    ("WriterRoleDefaultPolicyF6E6E9FD", "kms:Decrypt"): "keys of other stacks, narrowed by alias and secret",
    ("WriterRoleDefaultPolicyF6E6E9FD", "secretsmanager:CreateSecret"): API_KEYS,
    ("WriterRoleDefaultPolicyF6E6E9FD", "secretsmanager:DescribeSecret"): API_KEYS,
    ("BreakGlassRoleDefaultPolicy749BD7F2", "secretsmanager:CreateSecret"): "every secret of the environment",
    ("AuditorRoleDefaultPolicyE6BACCEA", "secretsmanager:DescribeSecret"): "every secret of the environment; no values",
    ("AuditorRoleDefaultPolicyE6BACCEA", "secretsmanager:ListSecrets"): "knows no resources; returns names, no values",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "kms:CancelKeyDeletion"): "the environment's keys, narrowed by alias",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "kms:Decrypt"): "the environment's keys, narrowed by alias and secret",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "secretsmanager:BatchGetSecretValue"): "each secret needs its own right",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "secretsmanager:CancelRotateSecret"): "every secret of the environment",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "secretsmanager:GetSecretValue"): "every secret of the environment",
    ("CiDeployDefaultPolicy10EDD2F0", "sts:AssumeRole"): "the roles of the CDK's bootstrap in this account",
    ("CiDiffDefaultPolicy1087380E", "cloudformation:DescribeStacks"): "this application's stacks, in their regions",
    ("CiBoundaryPolicy6154386C", "Bootstrap"): "a boundary only takes away",
    ("CiBoundaryPolicy6154386C", "Templates"): "a boundary only takes away",
    ("PeopleBoundaryPolicy2562D174", "Functions"): "a boundary only takes away",
    ("PeopleBoundaryPolicy2562D174", "Keys"): "a boundary only takes away",
    ("PeopleBoundaryPolicy2562D174", "AllSecrets"): "a boundary only takes away",
    ("PeopleBoundaryPolicy2562D174", "Secrets"): "a boundary only takes away",
    ("ApplicationRoleDefaultPolicyD65D91FA", "kms:Decrypt"): "keys of other stacks, narrowed by alias and secret",
    ("AlertingRoleDefaultPolicy2C65EECA", "kms:ListAliases"): "knows no resources; returns names of keys",
    ("ApiKeyRotationRoleDefaultPolicy3E6C0E66", "ec2:AssignPrivateIpAddresses"): "interfaces have no ids yet",
    ("DatabaseRotationRoleDefaultPolicy9E0183F2", "ec2:AssignPrivateIpAddresses"): "interfaces have no ids yet",
    ("JwtRotationRoleDefaultPolicy7DD6A74E", "ec2:AssignPrivateIpAddresses"): "interfaces have no ids yet",
    ("OperatorRoleDefaultPolicy73288FDA", "lambda:InvokeFunction"): "generated names of the shards' only functions",
    (
        "SmtpUserDefaultPolicy87C254EE",
        "ses:SendRawEmail",
    ): "identities are verified elsewhere; a condition names senders",
    ("OperatorRoleDefaultPolicy73288FDA", "secretsmanager:ListSecrets"): "knows no resources; returns names, no values",
    ("OperatorRoleDefaultPolicy73288FDA", "cloudwatch:DescribeAlarms"): "alarms have generated names; their state",
    ("OperatorRoleDefaultPolicy73288FDA", "sns:ListSubscriptionsByTopic"): "the topic of alerts has a generated name",
    ("OperatorRoleDefaultPolicy73288FDA", "sns:ListTopics"): "knows no resources; returns names",
    ("AuditorRoleDefaultPolicyE6BACCEA", "cloudwatch:DescribeAlarms"): "alarms have generated names; their state",
    ("AuditorRoleDefaultPolicyE6BACCEA", "sns:ListSubscriptionsByTopic"): "the topic of alerts has a generated name",
    ("AuditorRoleDefaultPolicyE6BACCEA", "sns:ListTopics"): "knows no resources; returns names",
    (
        "AuditorRoleDefaultPolicyE6BACCEA",
        "cloudtrail:LookupEvents",
    ): "knows no resources; returns who called what, no values",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "cloudwatch:DescribeAlarms"): "alarms have generated names; their state",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "sns:ListSubscriptionsByTopic"): "the topic of alerts has a generated name",
    ("BreakGlassRoleDefaultPolicy749BD7F2", "sns:ListTopics"): "knows no resources; returns names",
    (
        "BreakGlassRoleDefaultPolicy749BD7F2",
        "cloudtrail:LookupEvents",
    ): "knows no resources; returns who called what, no values",
    ("HealthFunctionRoleDefaultPolicy76A6118E", "secretsmanager:DescribeSecret"): API_KEYS,
    ("HealthFunctionRoleDefaultPolicy76A6118E", "secretsmanager:ListSecrets"): "knows no resources; returns names",
    ("PeopleBoundaryPolicy2562D174", "Alarms"): "a boundary only takes away",
    ("PeopleBoundaryPolicy2562D174", "Subscriptions"): "a boundary only takes away",
    ("PeopleBoundaryPolicy2562D174", "Overview"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Subscriptions"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Trail"): "a boundary only takes away",
    ("TrailBucketPolicy053FC86D", "s3:*"): "denies requests without TLS",
    ("VaultBackupsPolicy7F61DF05", "s3:*"): "denies requests without TLS",
    ("BoundaryPolicyC4AA4EBF", "Secrets"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Alerts"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "AlertCounts"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "KeyNames"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "AllSecrets"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Keys"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Events"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "SendingKeys"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Mail"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "ReloadDocuments"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "ReloadInstances"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "Logs"): "a boundary only takes away",
    ("BoundaryPolicyC4AA4EBF", "NetworkInterfaces"): "a boundary only takes away",
}


def _wild(statement: dict[str, object]) -> bool:
    parts: list[str] = []
    for key in ("Resource", "Action"):
        value = statement.get(key, [])
        parts += [str(each) for each in value] if isinstance(value, list) else [str(value)]
    return any("*" in part for part in parts)


def test_every_wildcard_has_its_reason(templates: dict[str, Template]) -> None:
    found = set()
    for stack, template in templates.items():
        if stack.startswith("AleesSecretsProd") or stack == "AleesSecretsAccount111122223333":
            for name, each in statements(template):
                sid = str(each.get("Sid") or (each["Action"] if isinstance(each["Action"], str) else each["Action"][0]))
                if _wild(each) and sid not in OWN_POLICY:
                    found.add((name, sid))

    assert found == set(ROLES)
