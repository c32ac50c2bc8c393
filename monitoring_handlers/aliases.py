"""By which aliases an environment's keys are known, whatever other aliases somebody gives them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from alees_secrets import naming

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

OF_TRAIL = "alias/alees/trail"
"""Alias of the key of the account's trail, which every environment watches."""


def is_watched(alias: str, environment: str) -> bool:
    """Tell whether *alias* names a key of *environment*, or the trail's."""
    return alias == OF_TRAIL or alias.startswith(naming.key_alias(environment, ""))


def watched_keys(client: "KMSClient", environment: str) -> Mapping[str, str]:
    """Return the aliases of the keys of *environment* and of the trail, by the keys' ids.

    A key may have further aliases; which of all KMS lists last is not to decide whether the key is watched.

    Args:
        client: boto3 client of KMS, of the region to look at.
        environment: Lower-case name.
    """
    pages = client.get_paginator("list_aliases").paginate()
    listed = [alias for page in pages for alias in page["Aliases"] if is_watched(alias["AliasName"], environment)]
    return {alias["TargetKeyId"]: alias["AliasName"] for alias in listed if "TargetKeyId" in alias}
