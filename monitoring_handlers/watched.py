"""What belongs to one environment, and how callers may have typed its name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alees_secrets import naming
from monitoring_handlers.aliases import is_watched

_ARN_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """One environment in its account and region.

    Attributes:
        environment: Lower-case name, such as ``prod``.
        stack: Name of its stack of secrets; generated names of functions, rules, alarms and topics begin with it.
        account: Account number.
        region: Where it is.
        trail: Name of the account's trail; empty when the account has one that others made, then every trail counts.
        trail_log_group: Name of that trail's log group.
        keys: Returns the aliases of keys, such as ``alias/alees/prod/database``, by the keys' ids; asked for only when
            something happened to a key.
    """

    environment: str
    stack: str
    account: str
    region: str
    trail: str
    trail_log_group: str
    keys: Callable[[], Mapping[str, str]]

    def secret(self, typed: object) -> str | None:
        """Return the whole name of the environment's secret that *typed* stands for; None if it is not one of its.

        Args:
            typed: A name, an ARN, or an ARN without its last seven characters; as a caller gave it.
        """
        name = self._in_account(typed, "secret")
        if name is None or not name.startswith(naming.prefix(self.environment)):
            return None
        # No name of ours ends in a hyphen and six characters: alees_secrets.naming refuses them.
        return name[:-7] if _ARN_SUFFIX.fullmatch(name[-7:]) else name

    def function(self, typed: object) -> str | None:
        """Return the name of the environment's function that *typed* stands for, without a version or alias."""
        name = self._in_account(typed, "function")
        return self.made(None if name is None else name.partition(":")[0])

    def topic(self, typed: object) -> str | None:
        """Return the name of the topic of alerts if *typed* is its ARN or that of a subscription of it."""
        name = str(typed).split(":")[5] if str(typed).count(":") >= 5 else ""  # noqa: PLR2004 - where an ARN has it
        return name if name.startswith(f"{self.stack}-Alerts") else None

    def made(self, name: object) -> str | None:
        """Return *name* if one of the environment's stacks, but for the recovery region's, generated it."""
        ours = (f"{self.stack}-", f"{self.stack}Api")
        return name if isinstance(name, str) and name.startswith(ours) else None

    def log_group(self, name: object) -> str | None:
        """Return *name* if it is a log group of a function of the environment, or the trail's."""
        return self.trail_log_group if name == self.trail_log_group else self.made(name)

    def trail_of(self, typed: object) -> str | None:
        """Return the trail's name if *typed* is the name or ARN of one that watches the environment."""
        name = str(typed).rpartition("/")[2]
        return name if typed and self.trail in {"", name} else None

    def trail_bucket(self, name: object) -> str | None:
        """Return *name* if it is the bucket of the account's own trail."""
        ours = self.trail and str(name).startswith(f"alees-trail-{self.account}-")
        return str(name) if ours else None

    def key(self, typed: object) -> str | None:
        """Return the alias of the environment's key, or of the trail's, that is meant by an id, an alias or an ARN."""
        before, found, name = str(typed).partition("alias/")
        if found:
            return self.alias(f"alias/{name}") if before == "" or self.account in before.split(":") else None
        alias = self.keys().get(str(typed).rpartition("/")[2])
        return None if alias is None else self.alias(alias)

    def alias(self, name: object) -> str | None:
        """Return *name* if it is the alias of one of the environment's keys, or of the trail's."""
        return str(name) if is_watched(str(name), self.environment) else None

    def _in_account(self, typed: object, kind: str) -> str | None:
        """Return what follows ``:{kind}:`` in an ARN of this account, or *typed* if it is no ARN; None otherwise."""
        if not isinstance(typed, str):
            return None
        before, found, name = typed.partition(f"{kind}:")
        if not found:
            return typed
        return name if self.account in before.split(":") else None
