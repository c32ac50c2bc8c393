"""Who may read and change what, as configuration wrote it into the function's package when it was deployed."""

import functools
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self

from monitoring_handlers.access_watch.access import Access

FILE = Path(__file__).parent.parent.parent / "matrix.json"
"""Where it is in the package."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """What one principal may read.

    Attributes:
        principal: As a record's is, such as ``role/alees/prod/alees-prod-application``.
        names: Whole names; ``*`` stands for any text.
        but: Names among them that it may not read.
        stages: Staging labels under which it may.
        by_id: It may ask for any version.
        learned: Which secrets it reads is a habit that is learned, and a new one is told.
        inside: It reads from the declared networks alone.
    """

    principal: str
    names: tuple[str, ...]
    but: tuple[str, ...]
    stages: tuple[str, ...]
    by_id: bool
    learned: bool
    inside: bool

    def may(self, access: Access, name: str) -> bool:
        """Tell whether a read of the secret *name* is as the matrix has it."""
        asked = self.by_id if access.by_id else access.stage in self.stages
        among = any(fnmatchcase(name, pattern) for pattern in self.names)
        return asked and among and name not in self.but and access.who.principal == self.principal


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """What one principal may change.

    Attributes:
        principal: As a record's is.
        names: Whole names; ``*`` stands for any text.
        but: Names among them whose values it may not change.
        calls: By which calls, such as ``PutSecretValue``.
    """

    principal: str
    names: tuple[str, ...]
    but: tuple[str, ...]
    calls: tuple[str, ...]

    def may(self, access: Access, name: str) -> bool:
        """Tell whether a change of the secret *name* is as the matrix has it."""
        among = any(fnmatchcase(name, pattern) for pattern in self.names) and name not in self.but
        return among and access.event in self.calls and access.who.principal == self.principal


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """The environment, as far as reads are judged by it.

    Attributes:
        environment: Such as ``prod``.
        region: The environment's own.
        prefix: What the names of its secrets begin with.
        honey: Name of the secret that nobody may touch.
        break_glass: The role for emergencies, as a record's principal is.
        roles: What the names of roles and users begin with whose policies matter here.
        describers: Principals that may look at the honey secret, and not at its value.
        key_makers: User name to the one principal that makes and deletes its access keys.
        networks: Address ranges and VPC endpoints that readers are in; none judges nothing.
        readers: Who may read what.
        writers: Who may change what.
    """

    environment: str
    region: str
    prefix: str
    honey: str
    break_glass: str
    roles: tuple[str, ...]
    describers: tuple[str, ...]
    key_makers: Mapping[str, str]
    networks: tuple[str, ...]
    readers: tuple[Reader, ...]
    writers: tuple[Writer, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what constructs_lib/access/read_matrix.py has written."""
        given = _tuples(json.loads(text))
        readers = tuple(Reader(**_tuples(each)) for each in given.pop("readers"))
        writers = tuple(Writer(**_tuples(each)) for each in given.pop("writers"))
        return cls(**given, readers=readers, writers=writers)

    def reader(self, access: Access, name: str) -> Reader | None:
        """Return by which right the secret *name* was read; None for a stranger."""
        return next((reader for reader in self.readers if reader.may(access, name)), None)

    def has_writer(self, access: Access, name: str) -> bool:
        """Tell whether the secret *name* was changed by right; False for a stranger."""
        return any(writer.may(access, name) for writer in self.writers)

    def is_inside(self, access: Access) -> bool:
        """Tell whether a call came from a declared network, or where none is declared."""
        if not self.networks or access.who.service or access.endpoint in self.networks:
            return True
        try:
            address = ipaddress.ip_address(access.address)
        except ValueError:  # a service's name
            return True
        ranges = (_range(each) for each in self.networks if not each.startswith("vpce-"))
        return any(address in each for each in ranges)


@functools.cache
def _range(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text)


def _tuples(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
