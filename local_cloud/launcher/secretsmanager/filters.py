"""The filters of ListSecrets and BatchGetSecretValue.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.store import Secret

Filter = dict[str, Any]

_PREFIXED: dict[str, Callable[[Secret], list[str]]] = {
    "name": lambda secret: [secret["Name"]],
    "tag-key": lambda secret: [tag["Key"] for tag in secret.get("Tags") or []],
    "tag-value": lambda secret: [tag["Value"] for tag in secret.get("Tags") or []],
    "primary-region": lambda secret: [secret.get("_PrimaryRegion") or ""],
}
"""Keys whose values are prefixes, with regard to case."""


def filter_names(names: list[str], filters: list[Filter]) -> list[str]:
    """Return the names of the secrets that match every filter; within one, any of its values.

    ``description`` is a prefix too, whatever its case. Of ``all`` and ``owning-service`` nothing is emulated: they
    match no secret.
    """
    secrets = emulated("services.secretsmanager", "_secrets")
    return [name for name in names if all(_matches(secrets[name], each) for each in filters)]


def _matches(secret: Secret, wanted: Filter) -> bool:
    key, values = wanted.get("Key", ""), wanted.get("Values", [])
    if key == "description":
        found = [str(secret.get("Description") or "").lower()]
        values = [value.lower() for value in values]
    else:
        found = _PREFIXED[key](secret) if key in _PREFIXED else []
    return any(_has_prefix(found, value) for value in values)


def _has_prefix(found: list[str], value: str) -> bool:
    """Tell whether one of *found* begins with the value; with an exclamation mark before it, whether none does."""
    if value.startswith("!"):
        return not any(each.startswith(value[1:]) for each in found)
    return any(each.startswith(value) for each in found)
