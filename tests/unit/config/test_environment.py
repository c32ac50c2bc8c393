"""Wrong values are refused with field, value and what is allowed."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any, cast

import pytest

from config.database import Database
from config.environment import Environment, Network
from config.environments import declared, prod
from config.errors import ConfigError

Change = Callable[[Environment], Environment]


def _environment(**changes: object) -> Change:
    return lambda environment: replace(environment, **cast("Any", changes))


def _database(**changes: object) -> Change:
    return lambda environment: replace(environment, database=replace(environment.database, **cast("Any", changes)))


def _network(**changes: object) -> Change:
    return lambda environment: replace(
        environment, network=replace(environment.network or NETWORK, **cast("Any", changes))
    )


NETWORK = Network(
    vpc_id="vpc-0123456789abcdef0", subnet_ids=("subnet-0123456789abcdef0",), security_group_id="sg-0123456789abcdef0"
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_environment(name="prod"), "name is 'prod'; allowed is a capital"),
        (_environment(region="frankfurt"), "Prod.region is 'frankfurt'; allowed is an AWS region"),
        (_environment(account=None), "Prod.account is None; allowed is twelve digits"),
        (_environment(account="12"), "Prod.account is '12'; allowed is twelve digits"),
        (_environment(rotation_window_hours=0), "Prod.rotation_window_hours is 0; allowed is a whole number of hours"),
        (_environment(rotation_window_hours=True), "Prod.rotation_window_hours is True; allowed is a whole number"),
        (_environment(log_retention_days=8), "Prod.log_retention_days is 8; allowed is one of 1, 3, 5"),
        (_database(host="https://db"), "Prod.database.host is 'https://db'; allowed is a host name"),
        (_database(port=70000), "Prod.database.port is 70000; allowed is a port number from 1 to 65535"),
        (_database(name=""), "Prod.database.name is ''; allowed is a database name"),
        (_database(owner="Owner"), "Prod.database.owner is 'Owner'; allowed is 1 to 63 lower-case letters"),
        (_database(logins=("a", "b c")), r"Prod.database.logins\[1\] is 'b c'; allowed is 1 to 63"),
        (_database(logins=("a", "a")), "Prod.database.logins is .*; allowed is two different names"),
        (_database(logins=("alees_owner", "b")), "Prod.database.logins is .*neither of them the owner's"),
        (_database(schema="a;b"), "Prod.database.schema is 'a;b'; allowed is"),
        (_database(admin_secret="arn:aws:secret"), "Prod.database.admin_secret is .*the name"),
        (_database(admin_secret_key="key"), "Prod.database.admin_secret_key is 'key'; allowed is a key's ARN"),
        (_database(password_length=8), "Prod.database.password_length is 8; allowed is .* from 32 to 128"),
        (_network(vpc_id="vpc"), "Prod.network.vpc_id is 'vpc'; allowed is a VPC's id"),
        (_network(subnet_ids=()), r"Prod.network.subnet_ids is \(\); allowed is one subnet id or more"),
        (_network(subnet_ids=("a",)), "Prod.network.subnet_ids is 'a'; allowed is ids such as"),
        (_network(security_group_id="x"), "Prod.network.security_group_id is 'x'; allowed is an id"),
    ],
)
def test_field_value_and_what_is_allowed_are_told_when_a_value_is_wrong(change: Change, message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{message}"):
        change(prod())


def test_the_account_may_be_missing_when_the_environment_is_neither_staging_nor_prod() -> None:
    assert replace(prod(), name="Dev", account=None).account is None


def test_a_value_stays_when_somebody_tries_to_change_it() -> None:
    with pytest.raises(FrozenInstanceError):
        prod().region = "us-east-1"  # type: ignore[misc]


def test_names_are_derived_when_the_environment_is_declared() -> None:
    assert [(each.stack_name, each.slug) for each in declared()] == [("AleesSecretsProd", "prod")]


def test_data_is_kept_when_nothing_else_is_said() -> None:
    environment = Environment(
        name="Dev",
        region="eu-central-1",
        account=None,
        database=Database(host="db.example", name="alees", admin_secret="admin"),
        network=None,
    )

    assert environment.keep_data
