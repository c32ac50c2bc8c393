"""What must hold between environments."""

from collections.abc import Sequence

from config.environment import Environment
from config.errors import refuse

MOST_IN_ACCOUNT = 2
"""Environments of one account: each subscribes to the trail's log group, which takes two subscriptions
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html)."""


def check_together(environments: Sequence[Environment]) -> None:
    """Refuse environments that would get in each other's way.

    Raises:
        ConfigError: Two declare one account differently; three share one; or two share a PostgreSQL server and name
            the same roles, which belong to the whole server: each rotation of one would lock the other out.
    """
    for number, environment in enumerate(environments):
        neighbours = [other.name for other in environments[:number] if other.account.id == environment.account.id]
        if len(neighbours) >= MOST_IN_ACCOUNT:
            refuse(
                f"{environment.name}.account.id",
                environment.account.id,
                f"one that {' and '.join(neighbours)} do not share: the trail's log group takes two subscriptions",
            )
        for other in environments[:number]:
            if other.account.id == environment.account.id and other.account != environment.account:
                refuse(f"{environment.name}.account", environment.account, f"the same as {other.name}'s")
            one, two = environment.database, other.database
            shared = {one.owner, *one.logins} & {two.owner, *two.logins}
            if (one.host, one.port) == (two.host, two.port) and shared:
                refuse(f"{environment.name}.database", sorted(shared), f"roles that {other.name} does not name")
