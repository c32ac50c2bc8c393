"""What each role or user may do that is about neither secrets nor keys, and what would give it more rights."""

from collections.abc import Iterator, Mapping

from config.access import Action, Duty, matches, rules_of
from config.email import Ses
from tests.template.iam.evaluation import Decision, Request
from tests.template.iam.layers import ELSEWHERE, FOREIGN, NAMES_KEYS, Question, duty_of
from tests.template.iam.probes import KEY_CALLS
from tests.template.iam.world import Principal, World

_INTERFACES = (
    "AssignPrivateIpAddresses",
    "CreateNetworkInterface",
    "DeleteNetworkInterface",
    "DescribeNetworkInterfaces",
    "DescribeSubnets",
    "UnassignPrivateIpAddresses",
)
_KEYS_OF_USERS = ("CreateAccessKey", "DeleteAccessKey", "ListAccessKeys", "UpdateAccessKey")

_CALLS: Mapping[str, tuple[str, ...]] = {
    "cloudformation": (
        *("DescribeStacks", "GetTemplate", "CreateChangeSet", "CreateStack", "DeleteStack", "ExecuteChangeSet"),
        *("SetStackPolicy", "UpdateStack", "UpdateTerminationProtection"),
    ),
    "cloudtrail": ("GetTrailStatus", "LookupEvents", "DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"),
    "cloudwatch": ("DescribeAlarms", "DeleteAlarms", "DisableAlarmActions", "PutMetricAlarm", "SetAlarmState"),
    "dynamodb": ("UpdateItem", "DeleteItem", "DeleteTable", "GetItem", "PutItem"),
    "ec2": (*_INTERFACES, "AssociateIamInstanceProfile", "CreateNetworkInterfacePermission", "RunInstances"),
    "events": ("PutEvents", "DeleteRule", "PutRule", "PutTargets"),
    "iam": (
        *(*_KEYS_OF_USERS, "AddUserToGroup", "AttachRolePolicy", "AttachUserPolicy", "CreateLoginProfile"),
        *("CreatePolicyVersion", "CreateRole", "CreateUser", "DeleteRolePermissionsBoundary", "PassRole"),
        *("DeleteUserPermissionsBoundary", "PutRolePermissionsBoundary", "PutRolePolicy", "PutUserPolicy"),
        *("SetDefaultPolicyVersion", "UpdateAssumeRolePolicy"),
    ),
    "lambda": (
        *("InvokeFunction", "AddPermission", "CreateAlias", "CreateFunction", "UpdateAlias", "UpdateFunctionCode"),
        *("CreateEventSourceMapping", "UpdateFunctionConfiguration"),
    ),
    "logs": (
        *("CreateLogStream", "PutLogEvents", "CreateLogGroup", "DeleteLogGroup", "FilterLogEvents", "GetLogEvents"),
        "PutSubscriptionFilter",
    ),
    "ses": ("SendRawEmail", "PutIdentityPolicy", "SendEmail"),
    "sns": (
        *("ListSubscriptionsByTopic", "ListTopics", "DeleteTopic", "Publish", "SetTopicAttributes", "Subscribe"),
        "Unsubscribe",
    ),
    "ssm": ("SendCommand", "GetParameter", "StartSession", "UpdateDocument"),
    "sts": ("AssumeRole", "TagSession"),
}

ACTIONS = tuple(f"{service}:{call}" for service, calls in _CALLS.items() for call in calls)
"""What roles and users use, and every way to more rights that they might be given."""

ESCALATIONS = tuple(
    f"{service}:{call}"
    for service in ("cloudformation", "iam", "lambda")
    for call in _CALLS[service]
    if call not in {"DescribeStacks", "GetTemplate", "InvokeFunction", *_KEYS_OF_USERS}
)
"""What changes rights, or runs code with those of others: nobody's but a deployment's."""

_SENDERS = ("somebody@alees.example", "somebody@elsewhere.example", "")


def besides(world: World, principal: Principal) -> list[Question]:
    """Return what a role or user may do, by its own policies, to everything that is neither secret nor key."""
    rights = list(_rights(world, principal))
    found = []
    for action in ACTIONS:
        for target in targets(world, action.partition(":")[0]):
            allowed = any(action == right and matches(pattern, target) for right, pattern in rights)
            for sender in _SENDERS if action.startswith("ses:") else ("",):
                keys = {"ses:FromAddress": sender} if sender else {}
                wanted = Decision.ALLOW if allowed and _may_send(world, action, sender) else Decision.SILENT
                found.append(Question(Request(action, target, principal.arn, keys), wanted))
    return [*found, *_uses_of_watch_key(world, principal)]


def _uses_of_watch_key(world: World, principal: Principal) -> Iterator[Question]:
    """Yield how who publishes alerts uses keys: that of topic and table, through SNS and DynamoDB."""
    if duty_of(world, principal) != "alerting":
        return
    region = world.environment.region
    right = {f"{each}.{region}.amazonaws.com" for each in ("dynamodb", "sns")}
    wrong = (
        "",
        f"s3.{region}.amazonaws.com",
        f"sns.{ELSEWHERE}.amazonaws.com",
        "secretsmanager.us-east-2.amazonaws.com",
        world.via,
    )
    for key in world.keys.values():
        own = f"alias/alees/{world.environment.slug}/watch" in key.aliases
        others = (key.arn.replace(region, ELSEWHERE), key.arn.replace(world.account, FOREIGN), f"{key.arn}-2")
        for call in (each for each in KEY_CALLS if each != NAMES_KEYS):  # layers.own_use_of_keys asks for that
            for via in sorted({*right, *wrong}):
                keys = {"kms:ViaService": via} if via else {}
                allowed = own and via in right and call in {"Decrypt", "GenerateDataKey"}
                wanted = Decision.ALLOW if allowed else Decision.SILENT
                yield Question(Request(f"kms:{call}", key.arn, principal.arn, keys), wanted)
                for arn in (*others, key.arn.replace(":key/", ":alias/")):
                    yield Question(Request(f"kms:{call}", arn, principal.arn, keys), Decision.SILENT)


def _may_send(world: World, action: str, sender: str) -> bool:
    email = world.environment.email
    senders = email.from_addresses if action.startswith("ses:") and isinstance(email, Ses) else ()
    return not senders or any(matches(each, sender) for each in senders)


def _rights(world: World, principal: Principal) -> Iterator[tuple[str, str]]:
    """Yield actions and the targets that they are meant for."""
    duty, place = duty_of(world, principal), f"{world.environment.region}:{world.account}"
    stack = world.environment.stack_name
    if duty.endswith("-rotation"):
        yield from _of_function(world, duty, place)
    if duty in _WATCHERS:
        yield from _WATCHERS[duty](world, place)
    if duty != Duty.HEALTH:
        yield from _of_lookers(world, duty, place)
    if any(Action.ROTATE in rule.actions for rule in rules_of(world.environment, duty)):
        yield from (("lambda:InvokeFunction", arn) for arn in world.functions if "Rotation" in arn or "ByHand" in arn)
        for shard in world.environment.shards:
            yield from _on("lambda", f"function:{stack}Api{shard:02}-*", place, "InvokeFunction")
    if duty == "smtp":
        yield from _on("ses", "identity/*", place, "SendRawEmail")
        yield from _on("ses", "configuration-set/*", place, "SendRawEmail")
    if duty == "alees-ci-diff":
        yield from _on("cloudformation", "stack/AleesSecrets*/*", f"*:{world.account}", "DescribeStacks", "GetTemplate")
    if duty == "alees-ci-deploy":
        yield from _on("iam", f"role/cdk-*-role-{world.account}-*", f":{world.account}", "AssumeRole", service="sts")
    if duty.startswith("TrailRole"):
        yield from _own_logs(world, f"{world.environment.account.stack_id}-Trail")


def _of_health(world: World, place: str) -> Iterator[tuple[str, str]]:
    yield from _own_logs(world, f"{world.environment.stack_name}-HealthFunction")
    yield from _on("events", "event-bus/default", place, "PutEvents")
    yield from (("sns:ListSubscriptionsByTopic", arn) for arn in world.topics if "-AlertsTopic" in arn)
    if world.environment.account.existing_trail_log_group is None:
        home = f"{world.environment.account.home_region}:{world.account}"
        yield from _on("cloudtrail", "trail/alees-secrets", home, "GetTrailStatus")


def _of_lookers(world: World, duty: str, place: str) -> Iterator[tuple[str, str]]:
    """Yield what those may see besides who see how secrets are: what watches; and, who read policies, what happened."""
    actions = {action for rule in rules_of(world.environment, duty) for action in rule.actions}
    if Action.LIST in actions:
        yield from _on("cloudwatch", "alarm:*", place, "DescribeAlarms")
        yield from _on("sns", f"{world.environment.stack_name}-Alerts*", place, "ListSubscriptionsByTopic")
        yield "sns:ListTopics", "*"
    if Action.READ_POLICY in actions:
        yield "cloudtrail:LookupEvents", "*"


def _of_access_watch(world: World, place: str) -> Iterator[tuple[str, str]]:
    yield from _own_logs(world, f"{world.environment.stack_name}-AccessWatchWatching")
    yield from _on("events", "event-bus/default", place, "PutEvents")
    yield from (("dynamodb:UpdateItem", arn) for arn in world.tables if "-AccessWatch" in arn)
    yield "kms:ListAliases", "*"


def _of_alerting(world: World, _place: str) -> Iterator[tuple[str, str]]:
    yield from _own_logs(world, f"{world.environment.stack_name}-Alerting")
    yield from (("sns:Publish", arn) for arn in world.topics if "-AlertsTopic" in arn)
    yield from (("dynamodb:UpdateItem", arn) for arn in world.tables if "-Alerts" in arn)


def _of_function(world: World, duty: str, place: str) -> Iterator[tuple[str, str]]:
    yield from _own_logs(world, _function(world, duty))
    slug, sends = world.environment.slug, isinstance(world.environment.email, Ses)
    if duty != "email-rotation":
        yield from ((f"ec2:{call}", "*") for call in _INTERFACES if world.environment.network)
    elif sends:
        yield from _on("iam", f"user/alees/{slug}/alees-{slug}-smtp", f":{world.account}", *_KEYS_OF_USERS)
    else:
        return  # without a schedule there is no canary whose failure Lambda records
    yield from _on("events", "event-bus/default", place, "PutEvents")


def _own_logs(world: World, owner: str) -> Iterator[tuple[str, str]]:
    groups = [arn for arn in world.log_groups if f":{owner}Log" in arn]
    return ((f"logs:{call}", arn) for arn in groups for call in ("CreateLogStream", "PutLogEvents"))


def _on(kind: str, resource: str, place: str, *calls: str, service: str = "") -> Iterator[tuple[str, str]]:
    return ((f"{service or kind}:{call}", f"arn:aws:{kind}:{place}:{resource}") for call in calls)


def _function(world: World, duty: str) -> str:
    """Return how the name of what belongs to a rotation function begins."""
    kind, stack = duty.removesuffix("-rotation"), world.environment.stack_name
    if kind in {"database", "jwt", "email"}:
        return f"{stack}-{kind.title()}Rotation"
    return f"{stack}Api{int(kind.partition('-')[2] or 1):02}-ApiKeyRotation"


_WATCHERS = {"access-watch": _of_access_watch, "alerting": _of_alerting, "health": _of_health}


def targets(world: World, service: str) -> list[str]:
    """Return what calls of a service may be about: what there is, what looks like it, and the same elsewhere."""
    region, account, slug = world.environment.region, world.account, world.environment.slug
    stack = world.environment.stack_name
    named = {
        "cloudformation": [
            f"stack/{stack}/1",
            f"stack/{stack}Api01/1",
            "stack/CDKToolkit/1",
            "changeSet/AleesSecrets/1",
        ],
        "cloudtrail": ["trail/alees-secrets", "trail/alees-secrets-2", "trail/other"],
        "cloudwatch": [f"alarm:{stack}-1", "alarm:other", "dashboard/x"],
        "dynamodb": [f"table/{stack}-AlertsTold-2", "table/AleesSecretsOther-AlertsTold", "table/other"],
        "ec2": ["instance/i-1", "network-interface/eni-1"],
        "events": ["event-bus/default", "event-bus/default-2", "rule/default"],
        "iam": [
            *(f"user/alees/{slug}/alees-{slug}-{each}" for each in ("smtp", "smtp-2", "developer")),
            *("user/alees/other/alees-other-smtp", "user/alees-smtp", "policy/alees/alees-boundary", "group/x"),
            f"role/cdk-x-deploy-role-{account}-{region}",
        ],
        "lambda": [
            *(f"function:{name}-1" for name in (stack, f"{stack}Api01", f"{stack}Api99", "AleesSecretsOther")),
            "layer:x",
        ],
        "logs": [f"log-group:{stack}-OtherLog:*", f"log-group:{stack}-JwtRotationLog86F54EFC-2:*", "log-stream:x"],
        "ses": ["identity/alees.example", "configuration-set/x", "template/x"],
        "sns": [f"{stack}-AlertsTopic-2", "AleesSecretsOther-AlertsTopic", "other"],
        "ssm": [f"document/{stack}-1", "document/AWS-RunShellScript", "parameter/x"],
        "sts": [
            *(f"role/cdk-x-{each}-role-{account}-{region}" for each in ("deploy", "lookup", "cfn-exec")),
            *(f"role/cdk-x-deploy-role-{FOREIGN}-{region}", "role/cdk-x", "role/somebody"),
            f"user/alees/{slug}/alees-{slug}-smtp",
        ],
    }[service]
    kind = "iam" if service == "sts" else service
    here = [f"arn:aws:{kind}:{'' if kind == 'iam' else region}:{account}:{each}" for each in named]
    functions = [*world.functions, *(f"{each}-2" for each in world.functions)]
    tables, topics = ([*made, *(f"{each}-2" for each in made)] for made in (world.tables, world.topics))
    made = {"dynamodb": tables, "lambda": functions, "logs": world.log_groups, "sns": topics}
    here += made.get(service, [])
    here += [each.arn for each in world.principals.values() if kind == "iam"]
    return [
        *dict.fromkeys(here),
        *(each.replace(f":{account}:", f":{FOREIGN}:") for each in here),
        *(each.replace(f":{region}:", f":{ELSEWHERE}:") for each in here if f":{region}:" in each),
        "*",
    ]
