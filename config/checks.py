"""Checks that several configured values share."""

import ipaddress
import re
from collections.abc import Collection

from config.errors import refuse

_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
_ROLE_BYTES = 63
"""PostgreSQL cuts longer names, so two of them could be one (NAMEDATALEN)."""


def check_pattern(field: str, value: object, pattern: str, allowed: str) -> None:
    """Refuse *value* unless it is a string that matches *pattern* as a whole."""
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        refuse(field, value, allowed)


def check_range(field: str, value: object, lowest: int, highest: int, what: str) -> None:
    """Refuse *value* unless it is an integer from *lowest* to *highest*; *what* it counts, such as ``hours``."""
    if type(value) is not int or not lowest <= value <= highest:
        refuse(field, value, f"{what} from {lowest} to {highest}")


def check_host(field: str, value: object) -> None:
    """Refuse *value* unless it is a host name (RFC 1123) or an IPv4 address."""
    if not isinstance(value, str) or not _HOST.fullmatch(value):
        refuse(field, value, "a host name such as alees.abc123.eu-central-1.rds.amazonaws.com, without scheme or port")


def check_database_role(field: str, value: object) -> None:
    """Refuse *value* unless it can name a PostgreSQL role; every use of it is quoted.

    https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
    """
    fits = isinstance(value, str) and 1 <= len(value.encode()) <= _ROLE_BYTES
    if not fits or not str(value).isprintable() or str(value) != str(value).strip() or str(value).startswith("pg_"):
        refuse(field, value, f"1 to {_ROLE_BYTES} bytes of printable characters, no space at either end, not pg_...")


def check_region(field: str, value: object) -> None:
    """Refuse *value* unless it looks like an AWS region."""
    check_pattern(field, value, r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region, such as eu-central-1")


def check_known_network(field: str, value: object) -> None:
    """Refuse *value* unless it is a range of addresses or the id of a VPC endpoint."""
    if isinstance(value, str) and re.fullmatch(r"vpce-[0-9a-f]{8,17}", value):
        return
    try:
        ipaddress.ip_network(str(value))
    except ValueError:
        refuse(field, value, "a range of addresses such as 10.1.0.0/16, or a VPC endpoint's id, vpce-...")


def check_one_of(field: str, value: object, allowed: Collection[object]) -> None:
    """Refuse *value* unless it is one of *allowed*."""
    if value not in allowed:
        refuse(field, value, f"one of {', '.join(map(str, allowed))}")
