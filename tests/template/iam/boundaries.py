"""What each permissions boundary leaves: what those whom it bounds are given, in this account, and no way to more."""

from collections.abc import Iterator, Mapping

from config.access import PEOPLE, Duty, matches, rules
from constructs_lib.permissions_boundary import BOUNDARY, CI_BOUNDARY, PEOPLE_BOUNDARY
from tests.template.iam.besides import ACTIONS, targets
from tests.template.iam.evaluation import Decision, Request
from tests.template.iam.layers import ELSEWHERE, FOREIGN, Question
from tests.template.iam.probes import CALLS, KEY_CALLS, KEY_REPAIR, PROBES, UNKNOWN
from tests.template.iam.world import World, arn_of

_ANY = "*"
"""The call knows no resources."""

_LEFT: Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]] = {
    BOUNDARY: {
        ("logs:CreateLogStream", "logs:PutLogEvents"): ("logs:*:{}:log-group:*",),
        ("events:PutEvents",): ("events:*:{}:event-bus/default",),
        ("sns:ListSubscriptionsByTopic",): ("sns:*:{}:AleesSecrets*",),
        ("cloudtrail:GetTrailStatus",): ("cloudtrail:*:{}:trail/alees-secrets",),
        ("sns:Publish",): ("sns:*:{}:AleesSecrets*",),
        ("dynamodb:UpdateItem",): ("dynamodb:*:{}:table/AleesSecrets*",),
        ("kms:ListAliases",): (_ANY,),
        ("ses:SendRawEmail",): ("ses:*:{}:*",),
        ("ssm:SendCommand",): ("ssm:*:{}:document/AleesSecrets*", "ec2:*:{}:instance/*"),
        tuple(f"iam:{each}" for each in ("CreateAccessKey", "DeleteAccessKey", "ListAccessKeys", "UpdateAccessKey")): (
            "iam::{}:user/alees/*-smtp",
        ),
        (
            *("ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses", "ec2:CreateNetworkInterface"),
            *("ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
        ): (_ANY,),
        ("kms:Decrypt", "kms:GenerateDataKey"): ("kms:*:{}:key/*",),
    },
    PEOPLE_BOUNDARY: {
        ("lambda:InvokeFunction",): ("lambda:*:{}:function:*",),
        ("cloudwatch:DescribeAlarms",): ("cloudwatch:*:{}:alarm:*",),
        ("sns:ListSubscriptionsByTopic",): ("sns:*:{}:AleesSecrets*",),
        ("cloudtrail:LookupEvents", "sns:ListTopics"): (_ANY,),
        ("kms:Decrypt", "kms:GenerateDataKey", *(f"kms:{each}" for each in KEY_REPAIR)): ("kms:*:{}:key/*",),
    },
    CI_BOUNDARY: {
        ("cloudformation:DescribeStacks", "cloudformation:GetTemplate"): ("cloudformation:*:{}:stack/AleesSecrets*/*",),
        ("sts:AssumeRole",): ("iam::{}:role/cdk-*",),
    },
}
"""Boundary to actions to ARNs, after ``arn:aws:`` and with the account, besides those of Secrets Manager."""

_UNSCOPED = {"BatchGetSecretValue", "ListSecrets"}


def boundary(world: World, name: str) -> list[Question]:
    """Return what the boundary *name* leaves to whom it bounds."""
    left = list(_left(world, name))
    actions = [*ACTIONS, UNKNOWN, *(f"secretsmanager:{call}" for call in CALLS), *(f"kms:{call}" for call in KEY_CALLS)]
    found = []
    for action in actions:
        for target in _targets(world, action.partition(":")[0]):
            allowed = any(action == each and matches(pattern, target) for each, pattern in left)
            wanted = Decision.ALLOW if allowed else Decision.SILENT
            found.append(Question(Request(action, target, "arn:aws:iam::1:role/somebody"), wanted))
    return found


def _left(world: World, name: str) -> Iterator[tuple[str, str]]:
    for actions, patterns in _LEFT[name].items():
        for action in actions:
            for pattern in patterns:
                yield action, pattern if pattern == _ANY else f"arn:aws:{pattern.format(world.account)}"
    for call in _secret_calls(world, name):
        scope = _ANY if call in _UNSCOPED else f"arn:aws:secretsmanager:*:{world.account}:secret:*"
        yield f"secretsmanager:{call}", scope


def _secret_calls(world: World, name: str) -> set[str]:
    """Return the calls by which those whom a boundary bounds do what the matrix says. People may have to do all."""
    if name == PEOPLE_BOUNDARY:
        return set(CALLS)
    people = {*PEOPLE, Duty.DEVELOPER}
    acting = {action for rule in rules(world.environment) if rule.duty not in people for action in rule.actions}
    return {probe.call for probe in PROBES if probe.action in acting} if name == BOUNDARY else set()


def _targets(world: World, service: str) -> list[str]:
    if service == "secretsmanager":
        here = [arn_of(world, name) for name in (*list(world.secrets)[:1], "billing/database")]
    elif service == "kms":
        here = [next(iter(world.keys))]
    else:
        return [*targets(world, service), *(targets(world, "ec2") if service == "ssm" else [])]
    region, account = world.environment.region, world.account
    foreign = [each.replace(f":{account}:", f":{FOREIGN}:") for each in here]
    elsewhere = [each.replace(f":{region}:", f":{ELSEWHERE}:") for each in here]
    return [*here, *foreign, *elsewhere, f"arn:aws:{service}:{region}:{account}:other/x", "*"]
