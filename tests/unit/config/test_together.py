"""What must hold between environments."""

from dataclasses import replace

import pytest

from config.environments import dev, prod, staging
from config.errors import ConfigError
from config.together import check_together


def test_environments_may_share_an_account_when_they_declare_it_alike() -> None:
    check_together([replace(staging(), account=prod().account), prod()])


def test_environments_are_refused_when_they_declare_one_account_differently() -> None:
    account = replace(prod().account, existing_trail_log_group="others")

    with pytest.raises(ConfigError, match="^Prod.account is .*; allowed is the same as Staging's"):
        check_together([replace(staging(), account=account), prod()])


def test_environments_may_share_a_server_when_their_roles_differ() -> None:
    check_together([dev(), replace(staging(), database=replace(staging().database, host=dev().database.host))])


def test_environments_are_refused_when_they_share_a_server_and_a_role() -> None:
    shared = replace(staging().database, host=dev().database.host, logins=("alees_dev_a", "alees_staging_b"))

    with pytest.raises(
        ConfigError, match=r"^Staging.database is \['alees_dev_a'\]; allowed is roles that Dev does not"
    ):
        check_together([dev(), replace(staging(), database=shared)])


def test_environments_are_refused_when_a_third_one_shares_their_account() -> None:
    account = prod().account
    third = replace(dev(), name="Test", account=account, iam_user=False)

    with pytest.raises(ConfigError, match="^Test.account.id is .*; allowed is one that Staging and Prod do not"):
        check_together([replace(staging(), account=account), prod(), third])
