"""The project's own alarms, deployed: what watches falls silent or fails, and a subscriber hears of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template

from config.environments import dev
from constructs_lib.watch_key import WatchKey
from local_cloud.cloud import RunningCloud
from stacks.alarms import Watchers, add_alarms
from stacks.environment import EnvironmentStack
from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack, new_stack
from tests.unit.local_cloud.launcher.event_queue import EventQueue
from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import NOTHING, LocalAws, wait_until

pytestmark = pytest.mark.servers

HOUR = 3600
PROJECT = Path(__file__).parents[5]
SHARED = [PROJECT / "monitoring_handlers" / name for name in ("__init__.py", "metrics.py")]
REPORTS = b"""
import json
from monitoring_handlers.metrics import embedded_metrics

def handler(event, context):
    if event.get("fail"):
        raise ValueError("as told")
    print(json.dumps(embedded_metrics("dev", event["counts"])))
"""
NEVER = {"source": ["nothing"]}


@pytest.fixture(scope="module")
def template() -> Resources:
    """The topic, its key and the alarms as the project's stacks have them; functions and trail are parameters."""
    stack = EnvironmentStack(App(), "Silence", environment=dev(), region="eu-central-1", description="A test's")
    key = WatchKey(stack, "Key", alias="alias/ALIAS", removal_policy=stack.removal_policy).key
    topic = sns.Topic(stack, "Alerts", master_key=key, enforce_ssl=True)
    functions = {
        name: lambda_.Function.from_function_name(stack, name, f"{name.upper()}-FUNCTION")
        for name in ("alerting", "access_watch")
    }
    add_alarms(stack, Watchers(topic=topic, trail_log_group="TRAIL-GROUP", **functions))
    resources: Resources = Template.from_stack(stack).to_json()["Resources"]
    return resources


class Watched:
    """An account with the alarms, a trail, and one function that stands for all that watch."""

    def __init__(self, own: LocalAws, cloud: RunningCloud, trail: Trail, stack: Stack, template: Resources) -> None:
        self.own, self.cloud, self.trail, self.stack = own, cloud, trail, stack
        files = {**{f"monitoring_handlers/{file.name}": file.read_bytes() for file in SHARED}, "it.py": REPORTS}
        self._function = own.new_function(files, "it.handler", policy=NOTHING)
        name = self._function.rpartition(":")[2]
        text = json.dumps(template).replace("TRAIL-GROUP", trail.group).replace("ALIAS", name)
        for role in ("ALERTING", "ACCESS_WATCH", "HEALTH"):
            text = text.replace(f"{role}-FUNCTION", name)
        stack.deploy(json.loads(text))
        self.heard = self._subscriber()

    def _subscriber(self) -> EventQueue:
        queue = EventQueue(self.own, NEVER)
        self.own.client("sns").subscribe(TopicArn=self.topic, Protocol="sqs", Endpoint=queue.arn)
        return queue

    @property
    def topic(self) -> str:
        (topic,) = (each for each in self.stack.physical_ids().values() if each.startswith("arn:aws:sns:"))
        return topic

    def break_a_subscription(self) -> None:
        """Subscribe one more, and take away what it subscribed."""
        name = self._subscriber().arn.rpartition(":")[2]
        queues = self.own.client("sqs")
        queues.delete_queue(QueueUrl=queues.get_queue_url(QueueName=name)["QueueUrl"])

    def report(self, **counts: int) -> None:
        self.own.functions.invoke(FunctionName=self._function, Payload=json.dumps({"counts": counts}))

    def fail(self) -> None:
        self.own.functions.invoke(FunctionName=self._function, Payload=json.dumps({"fail": True}))

    def pass_hours(self, hours: int, **counts: int) -> None:
        """Let hours pass in which the account is used and *counts* are reported."""
        for _ in range(hours):
            self.cloud.advance(HOUR)
            self.own.iam.list_roles()
            if counts:
                self.report(**counts)

    def states(self) -> dict[str, str]:
        """Return the id of each alarm's alert to its state."""
        found = self.own.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return {each["AlarmDescription"].partition(": ")[0]: each["StateValue"] for each in found}

    def wait_until_well(self) -> None:
        self.report(HealthRuns=1, WatchedRecords=1)
        self.own.iam.list_roles()
        wait_until(lambda: set(self.states().values()) == {"OK"}, f"not all well: {self.states()}")

    def alarms_heard(self) -> set[str]:
        """Return the ids of the alerts that the subscriber was told of."""
        told: list[dict[str, Any]] = [json.loads(each["Message"]) for each in self.heard.received()]
        return {each["AlarmDescription"].partition(": ")[0] for each in told if each.get("NewStateValue") == "ALARM"}

    def wait_for(self, *alerts: str) -> None:
        wait_until(lambda: self.alarms_heard() >= set(alerts), f"not {alerts}, but {self.alarms_heard()}")
        assert self.alarms_heard() == set(alerts)
        assert {alert for alert, state in self.states().items() if state == "ALARM"} == set(alerts)


@pytest.fixture
def watched(own: LocalAws, cloud: RunningCloud, trail: Trail, template: Resources) -> Iterator[Watched]:
    """All is well."""
    with new_stack(own) as stack:
        made = Watched(own, cloud, trail, stack, template)
        made.wait_until_well()
        yield made


def test_nothing_is_heard_in_hours_that_are_well(watched: Watched) -> None:
    watched.pass_hours(5, HealthRuns=1, WatchedRecords=1)

    assert watched.alarms_heard() == set()
    assert set(watched.states().values()) == {"OK"}


def test_stopped_health_function_is_noticed_after_three_hours(watched: Watched) -> None:
    watched.pass_hours(2, WatchedRecords=1)
    assert watched.states()["health-silent"] == "OK"

    watched.pass_hours(2, WatchedRecords=1)

    watched.wait_for("health-silent")


def test_stopped_trail_is_noticed_after_two_hours(watched: Watched) -> None:
    (name,) = (each["Name"] for each in watched.own.trail.describe_trails()["trailList"])
    watched.own.trail.stop_logging(Name=name)

    watched.pass_hours(3, HealthRuns=1, WatchedRecords=1)

    watched.wait_for("trail-silent")


def test_stopped_access_watch_is_noticed_after_three_hours(watched: Watched) -> None:
    watched.pass_hours(4, HealthRuns=1)

    watched.wait_for("watch-silent")


def test_broken_subscription_is_noticed_by_the_other_subscribers(watched: Watched) -> None:
    watched.break_a_subscription()
    watched.own.client("sns").publish(TopicArn=watched.topic, Message="{}")

    watched.wait_for("delivery-failing")


def test_failure_of_a_watching_function_is_noticed(watched: Watched) -> None:
    watched.fail()

    watched.wait_for("alerting-failing", "watch-failing")


def test_alerting_that_nothing_reaches_is_noticed_after_three_hours(watched: Watched) -> None:
    watched.pass_hours(4)

    watched.wait_for("alerting-silent", "health-silent", "watch-silent")
