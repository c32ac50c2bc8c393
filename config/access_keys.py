"""Whose keys encrypt what, and who needs them: follows from who may do what to which secret."""

from alees_secrets import naming
from alees_secrets.kinds import KindName
from config.access import VALUES, WRITES, Rule, api_domain, who_may
from config.environment import Environment


def key_users(environment: Environment, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return who needs the key that encrypts the secrets *names*: whoever reads or writes a value of one."""
    return who_may(environment, VALUES | WRITES, names)


def key_domains(environment: Environment, rule: Rule) -> tuple[str, ...]:
    """Return the domains whose keys encrypt the secrets of *rule*; ``*`` is all. Empty for a secret of others."""
    below = naming.prefix(environment.slug)
    paths = [name.removeprefix(below) for name in rule.names if name.startswith(below)]
    return tuple(dict.fromkeys(domain for path in paths for domain in _domains(environment, path, rule)))


def _domains(environment: Environment, path: str, rule: Rule) -> list[str]:
    below, service = naming.prefix(environment.slug), path.split("/", maxsplit=1)[0]
    if service != KindName.API_KEY:
        return [service]
    shards = {each.shard for each in environment.api_services if rule.is_about(below + each.path)}
    return [api_domain(shard) for shard in sorted(shards)]


def keys_of_others(environment: Environment, rule: Rule) -> tuple[str, ...]:
    """Return the ARNs of customer managed keys that encrypt secrets of *rule* which others make."""
    managements = [each.provider.management for each in environment.api_services if each.provider.management]
    known = {environment.database.admin_secret: environment.database.admin_secret_key}
    known |= {each.secret: each.secret_key for each in managements}
    return tuple(sorted({key for name in rule.names if (key := known.get(name)) is not None}))
