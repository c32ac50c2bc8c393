"""What must hold between environments."""

from collections.abc import Sequence

from config.environment import Environment
from config.errors import refuse


def check_together(environments: Sequence[Environment]) -> None:
    """Refuse environments that would get in each other's way.

    Raises:
        ConfigError: Two declare one account differently; or two share a PostgreSQL server and name the same roles,
            which belong to the whole server: each rotation of one would lock the other out.
    """
    for number, environment in enumerate(environments):
        for other in environments[:number]:
            if other.account.id == environment.account.id and other.account != environment.account:
                refuse(f"{environment.name}.account", environment.account, f"the same as {other.name}'s")
            one, two = environment.database, other.database
            shared = {one.owner, *one.logins} & {two.owner, *two.logins}
            if (one.host, one.port) == (two.host, two.port) and shared:
                refuse(f"{environment.name}.database", sorted(shared), f"roles that {other.name} does not name")
