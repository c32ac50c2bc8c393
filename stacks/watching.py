"""What watches an environment, composed."""

from aws_cdk import aws_kms as kms

from stacks.access_watch import add_access_watch
from stacks.alarms import Watchers, add_alarms
from stacks.alerting import add_alerting
from stacks.dashboard import Logs, add_dashboard
from stacks.environment import EnvironmentStack
from stacks.health import add_health


def add_watching(stack: EnvironmentStack, key: kms.IKey) -> None:
    """Add to an environment's stack of secrets what watches the environment.

    Args:
        stack: Where it goes.
        key: Encrypts alerts and logs.
    """
    alerting, trail = add_alerting(stack, key), stack.settings.account.trail_log_group
    health = add_health(stack, key, alerting.topic)
    access_watch = add_access_watch(stack, key)
    add_alarms(
        stack,
        Watchers(
            topic=alerting.topic, alerting=alerting.function, access_watch=access_watch.function, trail_log_group=trail
        ),
    )
    add_dashboard(stack, Logs(trail=trail, health=health.log_group.log_group_name))
