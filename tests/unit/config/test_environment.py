"""Wrong values are refused with field, value and what is allowed."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from typing import Any, cast

import pytest

from config.account import Account
from config.database import Database
from config.email import ByHand, Ses
from config.environment import Environment
from config.environments import declared, dev, prod
from config.errors import ConfigError
from config.github import GitHubRepository
from config.network import Network, SecretsManagerRoute
from config.people import IamUser, IdentityCenterRole
from config.reload import ReloadCommand
from config.services import ApiService, Internal
from config.subscriptions import EmailSubscription, HttpsSubscription
from tests.fakes.services import managed_service

Change = Callable[[Environment], Environment]


def _environment(**changes: object) -> Change:
    return lambda environment: replace(environment, **cast("Any", changes))


def _database(**changes: object) -> Change:
    return lambda environment: replace(environment, database=replace(environment.database, **cast("Any", changes)))


def _account(**changes: object) -> Change:
    return lambda environment: replace(environment, account=replace(environment.account, **cast("Any", changes)))


def _services(*services: ApiService) -> Change:
    return lambda environment: replace(environment, api_services=services)


def _email(**changes: object) -> Change:
    return lambda environment: replace(environment, email=Ses(**{"region": "eu-central-1", **cast("Any", changes)}))


def _reload(**changes: object) -> Change:
    return lambda environment: replace(environment, reload=replace(RELOAD, **cast("Any", changes)))


def _network(**changes: object) -> Change:
    return lambda environment: replace(
        environment, network=replace(environment.network or NETWORK, **cast("Any", changes))
    )


NETWORK = Network(
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids=("subnet-0123456789abcdef0",),
    security_group_id="sg-0123456789abcdef0",
    route=SecretsManagerRoute.NAT,
)
RELOAD = ReloadCommand(commands=("systemctl reload alees",), tag="alees:reload", values=("prod",))
PAGER = HttpsSubscription(url="https://pager.example/sns")
SERVICE = ApiService(name="partners", shard=1, provider=Internal())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_environment(name="prod"), "name is 'prod'; allowed is a capital"),
        (_environment(region="frankfurt"), "Prod.region is 'frankfurt'; allowed is an AWS region"),
        (
            _environment(region="eu-north-1"),
            "Prod.region is 'eu-north-1'; allowed is the account's home region eu-central-1, where",
        ),
        (_environment(known_networks=("10.1.0.1/16",)), "Prod.known_networks is '10.1.0.1/16'; allowed is a range"),
        (_environment(known_networks=("vpce-x",)), "Prod.known_networks is 'vpce-x'; allowed is a range of addresses"),
        (_environment(recovery_region="x"), "Prod.recovery_region is 'x'; allowed is an AWS region"),
        (_environment(recovery_region="eu-central-1"), "Prod.recovery_region is .*; allowed is a region other than"),
        (_account(id=None), "Prod.account.id is None; allowed is twelve digits"),
        (_account(id="12"), "account.id is '12'; allowed is twelve digits"),
        (_account(home_region="x"), "account.home_region is 'x'; allowed is an AWS region"),
        (
            _account(existing_trail_log_group=""),
            "account.existing_trail_log_group is ''; allowed is a log group's name",
        ),
        (_environment(jwt_algorithm="none"), "Prod.jwt_algorithm is 'none'; allowed is one of HS256"),
        (_services(replace(SERVICE, name="a/b")), "Prod.api_services.name is 'a/b'; allowed is lower-case letters"),
        (_services(replace(SERVICE, shard=0)), "Prod.api_services.shard is 0; allowed is a whole number from 1 to 99"),
        (
            _services(replace(SERVICE, provider=cast("Any", "x"))),
            "Prod.api_services.provider is 'x'; allowed is an Internal, Http or Custom",
        ),
        (_services(SERVICE, SERVICE), r"Prod.api_services is \['partners', 'partners'\]; allowed is each service once"),
        (_environment(rotation_window_hours=0), "Prod.rotation_window_hours is 0; allowed is a whole number of hours"),
        (_environment(rotation_window_hours=True), "Prod.rotation_window_hours is True; allowed is a whole number"),
        (_environment(log_retention_days=8), "Prod.log_retention_days is 8; allowed is one of 1, 3, 5"),
        (
            _environment(operators=(IamUser(name=""),)),
            r"Prod.operators\[0\].name is ''; allowed is the name of an IAM user",
        ),
        (
            _environment(operators=(IamUser(name="ann"), IdentityCenterRole(permission_set="On*"))),
            r"Prod.operators\[1\].permission_set is 'On\*'; allowed is the name of a permission set",
        ),
        (
            _environment(break_glass=(IamUser(name="a b"),)),
            r"Prod.break_glass\[0\].name is 'a b'; allowed is the name of an IAM user",
        ),
        (
            _environment(alert_subscriptions=()),
            r"Prod.alert_subscriptions is \(\); allowed is at least one: an alert that",
        ),
        (
            _environment(alert_subscriptions=(EmailSubscription(address="oncall"),)),
            r"Prod.alert_subscriptions\[0\].address is 'oncall'; allowed is an e-mail address",
        ),
        (
            _environment(alert_subscriptions=(PAGER, PAGER)),
            r"Prod.alert_subscriptions is .*; allowed is each subscription once",
        ),
        *(
            (
                _environment(alert_subscriptions=(PAGER, HttpsSubscription(url=url))),
                rf"Prod.alert_subscriptions\[1\].url is '{url}'; allowed is a URL that begins with https://",
            )
            for url in ("http://pager.example/sns", "pager.example", "https://ann:word@pager.example")
        ),
        (
            _environment(alert_subscriptions=(HttpsSubscription(url="https:///sns"),)),
            r"Prod.alert_subscriptions\[0\].url is None; allowed is a host name",
        ),
        (_environment(iam_user=True), "Prod.iam_user is True; allowed is False: only Dev has a user with access keys"),
        (
            _account(github=GitHubRepository(repository="secrets", environment="x")),
            "account.github.repository is 'secrets'; allowed is owner/name",
        ),
        (
            _account(github=GitHubRepository(repository="a/b", environment="x:*")),
            r"account.github.environment is 'x:\*'; allowed is letters, digits",
        ),
        (_database(host="https://db"), "Prod.database.host is 'https://db'; allowed is a host name"),
        (_database(port=70000), "Prod.database.port is 70000; allowed is a port number from 1 to 65535"),
        (_database(name=""), "Prod.database.name is ''; allowed is a database name"),
        (_database(owner=" owner"), "Prod.database.owner is ' owner'; allowed is 1 to 63 bytes"),
        (_database(logins=("a", "b ")), r"Prod.database.logins\[1\] is 'b '; allowed is 1 to 63"),
        (_database(logins=("a", "b\n")), r"Prod.database.logins\[1\] is 'b\\n'; allowed is 1 to 63"),
        (_database(logins=("a", "\u00e9" * 32)), r"Prod.database.logins\[1\] is '\u00e9+'; allowed is 1 to 63 bytes"),
        (_database(logins=("a", "pg_b")), r"Prod.database.logins\[1\] is 'pg_b'; allowed is .*not pg_"),
        (_database(logins=("a", "b", "c")), "Prod.database.logins is .*; allowed is two different names or one alone"),
        (_database(logins=()), "Prod.database.logins is .*; allowed is two different names or one alone"),
        (_database(logins=("a", "a")), "Prod.database.logins is .*; allowed is two different names"),
        (_database(logins=("alees_prod_owner", "b")), "Prod.database.logins is .*neither of them the owner's"),
        (_database(schema=""), "Prod.database.schema is ''; allowed is"),
        (_database(admin_secret="arn:aws:secret"), "Prod.database.admin_secret is .*the name"),
        (_database(admin_secret_key="key"), "Prod.database.admin_secret_key is 'key'; allowed is a key's ARN"),
        (_database(password_length=8), "Prod.database.password_length is 8; allowed is .* from 32 to 128"),
        (_network(vpc_id="vpc"), "Prod.network.vpc_id is 'vpc'; allowed is an id such as vpc-"),
        (_network(route=None), "Prod.network.route is None; allowed is one of CREATE_ENDPOINT, EXISTING_ENDPOINT, NAT"),
        (_network(subnet_ids=()), r"Prod.network.subnet_ids is \(\); allowed is one subnet id or more"),
        (_network(subnet_ids=("a",)), "Prod.network.subnet_ids is 'a'; allowed is an id such as"),
        (_network(security_group_id="x"), "Prod.network.security_group_id is 'x'; allowed is an id"),
        (_email(region="x"), "Prod.email.region is 'x'; allowed is an AWS region"),
        (_email(host="smtp://x"), "Prod.email.host is 'smtp://x'; allowed is a host name"),
        (_email(port=25), "Prod.email.port is 25; allowed is one of 587, 2587, 465, 2465"),
        (_email(host="mail.example", port=0), "Prod.email.port is 0; allowed is a port number from 1 to 65535"),
        (_email(from_addresses=("erp",)), "Prod.email.from_addresses is 'erp'; allowed is an address or a pattern"),
        (_reload(commands=()), r"Prod.reload.commands is \(\); allowed is one line or more"),
        (_reload(commands=("true", " ")), "Prod.reload.commands is ' '; allowed is lines that are not empty"),
        (_reload(tag=""), "Prod.reload.tag is ''; allowed is the key of a tag"),
        (_reload(values=()), r"Prod.reload.values is \(\); allowed is 1 to 5 values"),
        (_reload(values=("*",)), r"Prod.reload.values is '\*'; allowed is the value of a tag"),
    ],
)
def test_field_value_and_what_is_allowed_are_told_when_a_value_is_wrong(change: Change, message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{message}"):
        change(prod())


def test_the_account_may_be_missing_when_the_environment_is_neither_staging_nor_prod() -> None:
    assert dev().account.id is None


def test_nobody_has_to_be_told_when_the_environment_is_neither_staging_nor_prod() -> None:
    assert dev().alert_subscriptions == ()


def test_a_value_stays_when_somebody_tries_to_change_it() -> None:
    with pytest.raises(FrozenInstanceError):
        prod().region = "us-east-1"  # type: ignore[misc]


def test_names_are_derived_when_environments_are_declared() -> None:
    assert [(each.stack_name, each.slug) for each in declared()] == [
        ("AleesSecretsDev", "dev"),
        ("AleesSecretsStaging", "staging"),
        ("AleesSecretsProd", "prod"),
    ]


def test_the_paths_are_those_of_the_customers_document() -> None:
    assert prod().secret_paths == (
        "database/credentials",
        "jwt/credentials",
        "email/credentials",
        "api/partners/key",
        "api/payments/key",
    )


def test_the_mail_secret_rotates_when_ses_issues_its_credentials_and_not_when_people_do() -> None:
    api_keys = ("api/partners/key", "api/payments/key")

    assert prod().rotated_paths == ("database/credentials", "jwt/credentials", "email/credentials", *api_keys)
    assert replace(prod(), email=ByHand()).rotated_paths == ("database/credentials", "jwt/credentials", *api_keys)


def test_the_mail_function_is_known_by_name_when_secrets_manager_does_not_know_it() -> None:
    assert prod().by_hand_functions == {}
    assert dev().by_hand_functions == {"email/credentials": "AleesSecretsDev-EmailByHand"}


def test_known_networks_are_ranges_and_endpoints() -> None:
    networks = ("10.1.0.0/16", "203.0.113.7", "2001:db8::/32", "vpce-0123456789abcdef0")
    assert replace(prod(), known_networks=networks).known_networks == networks


def test_the_regions_own_endpoint_is_taken_when_no_host_is_named() -> None:
    assert Ses(region="eu-west-1").endpoint == "email-smtp.eu-west-1.amazonaws.com"
    assert Ses(region="eu-west-1", host="mail.example").endpoint == "mail.example"


def test_data_is_kept_when_nothing_else_is_said() -> None:
    environment = Environment(
        name="Test",
        region="eu-central-1",
        recovery_region="eu-west-1",
        account=Account(id=None, home_region="eu-central-1"),
        database=Database(host="db.example", name="alees", owner="owner", logins=("a", "b"), admin_secret="admin"),
        network=None,
        email=ByHand(),
    )

    assert environment.keep_data
    assert environment.shards == ()


def test_an_environment_that_keeps_its_data_is_refused_when_its_account_does_not() -> None:
    account = replace(prod().account, keep_data=False)

    with pytest.raises(ConfigError, match=r"^Prod.account.keep_data is False; allowed is True, since"):
        replace(prod(), account=account)


@pytest.mark.parametrize(("keys", "most"), [("none", 46), ("one", 23), ("own", 18)])
def test_services_with_a_management_secret_are_refused_when_a_shards_policy_cannot_name_them_all(
    keys: str, most: int
) -> None:
    many = tuple(managed_service(number, keys) for number in range(most + 1))

    assert replace(prod(), api_services=many[1:]).shards == (1,)
    with pytest.raises(
        ConfigError,
        match=rf"^Prod.api_services is '7\d+ characters of ARNs of {most + 1} management secrets and .*, shard 1'; "
        "allowed is at most 7000: put some into the next shard",
    ):
        replace(prod(), api_services=many)


def test_services_that_share_a_management_secret_need_its_room_once() -> None:
    (payments,) = (each for each in prod().api_services if each.provider.management)
    many = tuple(replace(payments, name=f"service-{number}") for number in range(100))

    assert replace(prod(), api_services=many).shards == (1,)


def test_a_repository_may_be_named_with_the_ids_that_stand_in_githubs_immutable_subjects() -> None:
    github = GitHubRepository(repository="alees@1/secrets@2", environment="deployment")

    assert replace(prod(), account=replace(prod().account, github=github)).account.github == github
