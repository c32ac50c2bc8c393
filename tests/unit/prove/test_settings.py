import json
from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.network import SecretsManagerRoute
from tests.prove.settings import EXAMPLE, read_environment

ACCOUNT = "123412341234"


def _write(folder: Path, text: str) -> Path:
    file = folder / "sandbox.json"
    file.write_text(text)
    return file


def _changed(**changes: Any) -> str:
    return json.dumps({**json.loads(EXAMPLE), **changes})


def _part(name: str, **changes: Any) -> dict[str, Any]:
    return {name: {**json.loads(EXAMPLE)[name], **changes}}


def test_environment_keeps_nothing_when_it_is_read_from_the_example(tmp_path: Path) -> None:
    environment = read_environment(_write(tmp_path, EXAMPLE), ACCOUNT)

    assert (environment.name, environment.account.id, environment.keep_data) == ("Sandbox", ACCOUNT, False)
    assert environment.database.certificate_authority is None
    assert environment.network is not None
    assert environment.network.route is SecretsManagerRoute.CREATE_ENDPOINT


def test_certificate_authority_is_a_path_when_the_file_names_one(tmp_path: Path) -> None:
    text = _changed(**_part("database", certificate_authority="/etc/ca.pem"))

    assert read_environment(_write(tmp_path, text), ACCOUNT).database.certificate_authority == Path("/etc/ca.pem")


def test_functions_are_outside_any_vpc_when_the_network_is_null(tmp_path: Path) -> None:
    assert read_environment(_write(tmp_path, _changed(network=None)), ACCOUNT).network is None


def test_example_is_shown_when_the_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_environment(tmp_path / "sandbox.json", ACCOUNT)

    assert str(caught.value) == f"{tmp_path / 'sandbox.json'} is missing; write it, such as:\n{EXAMPLE}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"sandbox.json cannot be read as JSON \(JSONDecodeError\)"),
        ("[]", r"sandbox.json is \[\]; allowed is an object of exactly region, recovery_region, database, network"),
        (_changed(more=1), "'more'.*allowed is an object of exactly region"),
        (_changed(database=None), "database is None; allowed is an object of exactly host, port"),
        (_changed(region="Frankfurt"), "account.home_region is 'Frankfurt'; allowed is an AWS region"),
        (_changed(**_part("database", port="5432")), "Sandbox.database.port is '5432'; allowed is a port number"),
        (_changed(**_part("database", certificate_authority=1)), "certificate_authority is 1; allowed is the path"),
        (_changed(**_part("network", subnet_ids="subnet-0123456789")), "network.subnet_ids is 'subnet-0123456789'"),
        (_changed(**_part("network", route="none")), "network.route is 'none'; allowed is one of create-endpoint,"),
        (_changed(**_part("network", vpc_id="vpc")), "Sandbox.network.vpc_id is 'vpc'; allowed is an id such as"),
    ],
)
def test_one_clear_error_is_raised_when_the_file_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_environment(_write(tmp_path, text), ACCOUNT)
