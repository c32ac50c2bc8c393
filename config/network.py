"""Where rotation functions run, and how they reach Secrets Manager from there."""

from dataclasses import dataclass
from enum import StrEnum

from config.checks import check_pattern
from config.errors import refuse


class SecretsManagerRoute(StrEnum):
    """How the subnets reach Secrets Manager, which a function calls in every step."""

    CREATE_ENDPOINT = "create-endpoint"
    """This application makes the interface endpoint."""

    EXISTING_ENDPOINT = "existing-endpoint"
    """The VPC has the interface endpoint, with private DNS, and it admits the security group."""

    NAT = "nat"
    """The subnets route to a NAT gateway."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """The part of an existing VPC that rotation functions run in, so that they reach the database.

    Attributes:
        vpc_id: The VPC.
        subnet_ids: Private subnets: a function's network interfaces get no public address, so a route to an internet
            gateway does not help.
        security_group_id: A group that the database's own group admits.
        route: How the subnets reach Secrets Manager. There is no default: without a way every rotation fails, minutes
            after a deployment that succeeded.
    """

    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_id: str
    route: SecretsManagerRoute

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.network``."""
        _check_id(f"{field}.vpc_id", self.vpc_id, "vpc")
        if not self.subnet_ids:
            refuse(f"{field}.subnet_ids", self.subnet_ids, "one subnet id or more")
        for subnet in self.subnet_ids:
            _check_id(f"{field}.subnet_ids", subnet, "subnet")
        _check_id(f"{field}.security_group_id", self.security_group_id, "sg")
        if not isinstance(self.route, SecretsManagerRoute):
            refuse(f"{field}.route", self.route, f"one of {', '.join(map(str, SecretsManagerRoute.__members__))}")


def _check_id(field: str, value: object, prefix: str) -> None:
    check_pattern(field, value, rf"{prefix}-[0-9a-f]{{8,17}}", f"an id such as {prefix}-0123456789abcdef0")
