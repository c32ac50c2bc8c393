"""The environment ``Sandbox``, as a file says that git ignores."""

import json
from pathlib import Path
from typing import Any

from config.account import Account
from config.database import Database
from config.environment import Environment
from config.errors import ConfigError, refuse
from config.network import Network, SecretsManagerRoute
from config.services import ApiService, Internal

EXAMPLE = """\
{
  "region": "eu-central-1",
  "recovery_region": "eu-west-1",
  "database": {
    "host": "sandbox.example.eu-central-1.rds.amazonaws.com",
    "port": 5432,
    "name": "alees",
    "admin_secret": "rds!db-44444444-5555-6666-7777-888888888888",
    "certificate_authority": null
  },
  "network": {
    "vpc_id": "vpc-0123456789abcdef3",
    "subnet_ids": ["subnet-0123456789abcdef5"],
    "security_group_id": "sg-0123456789abcdef3",
    "route": "create-endpoint"
  }
}"""
"""What the file holds. admin_secret is the name of a secret with a CREATEROLE role's username and password; it must
exist. certificate_authority null is that of Amazon RDS; network null runs the functions outside any VPC."""


def read_environment(file: Path, account: str) -> Environment:
    """Return the environment that *file* describes, in *account*; nothing of it is kept.

    Raises:
        ConfigError: The file is missing or no JSON, or a value in it is not allowed.
    """
    stored = _exactly(file.name, _read(file), "region", "recovery_region", "database", "network")
    return Environment(
        name="Sandbox",
        region=stored["region"],
        recovery_region=stored["recovery_region"],
        account=Account(id=account, home_region=stored["region"], keep_data=False),
        database=_database(stored["database"]),
        network=_network(stored["network"]),
        api_services=(ApiService(name="partners", shard=1, provider=Internal()),),
        keep_data=False,
        log_retention_days=1,
    )


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problem = f"{file} is missing; write it, such as:\n{EXAMPLE}"
    except (OSError, ValueError) as error:
        problem = f"{file} cannot be read as JSON ({type(error).__name__}); write it such as:\n{EXAMPLE}"
    raise ConfigError(problem)


def _exactly(field: str, value: object, *keys: str) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != set(keys):
        got = sorted(value) if isinstance(value, dict) else value
        refuse(field, got, f"an object of exactly {', '.join(keys)}")
    return value


def _database(value: object) -> Database:
    stored = _exactly("database", value, "host", "port", "name", "admin_secret", "certificate_authority")
    authority = stored.pop("certificate_authority")
    if authority is not None and not isinstance(authority, str):
        refuse("database.certificate_authority", authority, "the path of a PEM file, or null for Amazon RDS's")
    return Database(
        **stored,
        certificate_authority=None if authority is None else Path(authority),
        owner="alees_sandbox_owner",
        logins=("alees_sandbox_a", "alees_sandbox_b"),
    )


def _network(value: object) -> Network | None:
    if value is None:
        return None
    stored = _exactly("network", value, "vpc_id", "subnet_ids", "security_group_id", "route")
    subnets, route = stored.pop("subnet_ids"), stored.pop("route")
    if not isinstance(subnets, list):
        refuse("network.subnet_ids", subnets, "a list of subnet ids")
    routes = [each.value for each in SecretsManagerRoute]
    if route not in routes:
        refuse("network.route", route, f"one of {', '.join(routes)}")
    return Network(**stored, subnet_ids=tuple(subnets), route=SecretsManagerRoute(route))
