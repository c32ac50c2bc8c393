"""What each resource of a template is billed for."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from operations.cost.prices import Item
from operations.cost.usage import HOURS, FunctionUse, Usage
from operations.errors import OperationError
from operations.review.assembly import Stack


class Part(StrEnum):
    """What it is for."""

    SECRETS = "secrets"
    WATCHING = "watching"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template.

    Attributes:
        type: Such as ``AWS::KMS::Key``.
        path: Ids of its constructs below the stack, joined by ``/``.
        properties: As the template has them.
        part: What it is for.
    """

    type: str
    path: str
    properties: Mapping[str, Any]
    part: Part


Billed = tuple[Item, float]
"""An item and how many of its units, each month."""

_FREE = frozenset(
    {
        "AWS::CDK::Metadata",
        "AWS::CloudTrail::Trail",  # the first copy of management events is free, for ever
        "AWS::CloudWatch::AnomalyDetector",  # paid with the alarm that uses it
        "AWS::EC2::SecurityGroup",
        "AWS::Events::Rule",  # AWS's own events, and schedules on the default bus, are free, for ever
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::OIDCProvider",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::IAM::User",
        "AWS::KMS::Alias",
        "AWS::Lambda::Alias",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Logs::QueryDefinition",
        "AWS::Logs::SubscriptionFilter",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::Subscription",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SSM::Document",
        "AWS::Scheduler::ScheduleGroup",
        "AWS::SecretsManager::ResourcePolicy",
        "AWS::SecretsManager::RotationSchedule",
    }
)
"""Types that are never billed themselves."""

# What is not known to hold, rotate or reach secrets counts as watching, which has a limit.
_FOR_SECRETS = re.compile(
    r".*(Secret|Rotation)|(Api|Database|Email|Jwt|Log)?Key|Service-.*|Canary|SecretsManagerEndpoint|SecretUpdates|Reload"
)


def resources(stack: Stack) -> Iterator[Resource]:
    """Yield the resources of a stack, with the paths that the assembly knows of their constructs."""
    metadata = json.loads(stack.template_file.with_name(f"{stack.id}.metadata.json").read_text(encoding="utf-8"))
    paths = {
        note["data"]: path.removeprefix(f"/{stack.id}/")
        for path, notes in metadata.items()
        for note in notes
        if note["type"] == "aws:cdk:logicalId"
    }
    for name, resource in stack.read_template()["Resources"].items():
        yield Resource(resource["Type"], paths[name], resource.get("Properties", {}), _part(stack, paths[name]))


def _part(stack: Stack, path: str) -> Part:
    if stack.name.endswith("Recovery"):
        return Part.RECOVERY
    known = not stack.name.startswith("AleesSecretsAccount") and _FOR_SECRETS.fullmatch(path.partition("/")[0])
    return Part.SECRETS if known else Part.WATCHING


def billed(resource: Resource, usage: Usage) -> list[Billed]:
    """Return what a resource is billed for.

    Raises:
        OperationError: Nothing is known of its type.
    """
    if resource.type in _FREE:
        return []
    if resource.type not in _BILLED:
        raise OperationError(
            f"nothing is known of what {resource.type} ({resource.path}) costs; say it in operations/cost/billed.py"
        )
    return _BILLED[resource.type](resource, usage)


def _alarm(resource: Resource, _usage: Usage) -> list[Billed]:
    metrics = resource.properties.get("Metrics", [])
    measured = sum("MetricStat" in metric for metric in metrics) or 1
    # A band is two metrics more, its upper and its lower edge.
    bands = sum("ANOMALY_DETECTION_BAND" in str(metric.get("Expression", "")) for metric in metrics)
    return [(Item.ALARM, measured + 2 * bands)]


def _function(resource: Resource, usage: Usage) -> list[Billed]:
    use = function_use(resource.path, usage)
    gigabytes = resource.properties.get("MemorySize", 128) / 1024
    lines = use.invocations * usage.line_bytes / 1e9
    return [
        (Item.INVOCATIONS, use.invocations / 1e6),
        (Item.COMPUTING, use.invocations * use.seconds * gigabytes),
        (Item.LOGS_WRITTEN, lines),
        (Item.LOGS_KEPT, lines * usage.kept_months * usage.kept_share),
        (Item.METRIC, len(use.metrics) * use.metric_hours / HOURS),
        (Item.SECRET_CALLS, use.invocations * use.calls / 1e4),
        (Item.EVENTS, use.invocations * use.events / 1e6),
    ]


def function_use(path: str, usage: Usage) -> FunctionUse:
    """Return how the function at a path of constructs is used.

    Raises:
        OperationError: Nothing is assumed of it.
    """
    for construct_id in path.split("/"):
        for ending, use in usage.functions.items():
            if construct_id.endswith(ending):
                return use
    raise OperationError(
        f"nothing is assumed of how often the function {path} runs; say it in operations/cost/usage.py"
    )


def _table(resource: Resource, usage: Usage) -> list[Billed]:
    written = next((count for name, count in usage.table_writes.items() if name in resource.path.split("/")), None)
    if written is None:
        raise OperationError(
            f"nothing is assumed of how often the table {resource.path} is written; say it in operations/cost/usage.py"
        )
    return [(Item.TABLE_WRITES, written / 1e6)]


def _log_group(resource: Resource, usage: Usage) -> list[Billed]:
    """Return what the trail writes; what a function writes is billed with the function."""
    if not resource.path.startswith("Trail/"):
        return []
    written = usage.trail_gigabytes
    return [(Item.LOGS_WRITTEN, written), (Item.LOGS_KEPT, written * usage.kept_months * usage.kept_share)]


def _bucket(resource: Resource, usage: Usage) -> list[Billed]:
    if resource.path.startswith("Trail/"):
        kept = usage.trail_gigabytes * usage.file_share * usage.kept_months
        return [(Item.FILES_KEPT, kept), (Item.FILES_WRITTEN, usage.trail_files / 1e3)]
    return [(Item.FILES_KEPT, usage.backup_bytes * usage.kept_months / 1e9)]


def _endpoint(resource: Resource, usage: Usage) -> list[Billed]:
    traffic = usage.reads_per_day * HOURS / 24 * usage.read_bytes / 1e9
    hours = len(resource.properties["SubnetIds"]) * HOURS
    return [(Item.ENDPOINT_HOURS, hours), (Item.ENDPOINT_BYTES, traffic)]


_BILLED: Mapping[str, Callable[[Resource, Usage], list[Billed]]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::CloudWatch::Dashboard": lambda _, usage: [
        (Item.DASHBOARD, 1),
        (Item.LOGS_QUERIED, usage.dashboard_views * usage.trail_gigabytes * 24 / HOURS),
    ],
    "AWS::DynamoDB::Table": _table,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::KMS::Key": lambda _, __: [(Item.KEY, 1)],
    "AWS::Lambda::Function": _function,
    "AWS::Logs::LogGroup": _log_group,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Topic": lambda _, usage: [(Item.PUBLISHED, usage.alerts / 1e6), (Item.EMAILS, 2 * usage.alerts / 1e5)],
    "AWS::SQS::Queue": lambda _, usage: [(Item.QUEUED, usage.alerts / 1e6)],
    "AWS::Scheduler::Schedule": lambda _, __: [(Item.SCHEDULED, HOURS / 1e6)],
    "AWS::SecretsManager::Secret": lambda _, __: [(Item.SECRET, 1)],
}
