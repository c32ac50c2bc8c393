import pytest

from alees_secrets import ConfigurationError, InvalidNameError, Settings

REGION = {"AWS_REGION": "eu-central-1"}
PROD = Settings(environment="prod", region="eu-central-1")


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_SECRETS_PREFIX": "alees/", "ALEES_ENVIRONMENT": "prod"},
        {"AWS_SECRETS_PREFIX": "alees/prod/"},
        {"AWS_SECRETS_PREFIX": "alees/prod/", "ALEES_ENVIRONMENT": "prod"},
        {"AWS_SECRETS_PREFIX": "alees/prod/", "ALEES_ENVIRONMENT": ""},
        {"AWS_SECRETS_PREFIX": "", "ALEES_ENVIRONMENT": "prod"},
        {"ALEES_ENVIRONMENT": "prod"},
    ],
    ids=str,
)
def test_environment_is_taken_when_variables_give_it(variables: dict[str, str]) -> None:
    assert Settings.from_environment(REGION | variables) == PROD


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-east-1"}, "eu-west-1"),
        ({"AWS_DEFAULT_REGION": "us-east-1"}, "us-east-1"),
        ({"AWS_REGION": "", "AWS_DEFAULT_REGION": "us-gov-west-1"}, "us-gov-west-1"),
    ],
)
def test_region_is_taken_when_variables_give_it(variables: dict[str, str], region: str) -> None:
    assert Settings.from_environment({"ALEES_ENVIRONMENT": "prod"} | variables).region == region


def test_process_environment_is_read_when_nothing_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_SECRETS_PREFIX", "alees/prod/")
    monkeypatch.delenv("ALEES_ENVIRONMENT", raising=False)
    assert Settings.from_environment() == PROD


@pytest.mark.parametrize("variables", [{}, {"AWS_SECRETS_PREFIX": "alees/"}], ids=str)
def test_both_variables_and_examples_are_named_when_environment_is_missing(variables: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_environment(REGION | variables)
    assert str(caught.value) == (
        "the environment is not set; set ALEES_ENVIRONMENT, such as ALEES_ENVIRONMENT=prod, or name it in "
        "AWS_SECRETS_PREFIX, such as AWS_SECRETS_PREFIX=alees/prod/"
    )


def test_one_error_names_all_when_region_and_environment_are_missing() -> None:
    with pytest.raises(ConfigurationError, match=r"AWS_REGION=eu-central-1; and .*ALEES_ENVIRONMENT=prod"):
        Settings.from_environment({})


def test_both_values_are_shown_when_variables_disagree() -> None:
    with pytest.raises(ConfigurationError, match="'alees/prod/' but ALEES_ENVIRONMENT is 'dev'"):
        Settings.from_environment(REGION | {"AWS_SECRETS_PREFIX": "alees/prod/", "ALEES_ENVIRONMENT": "dev"})


@pytest.mark.parametrize("prefix", ["alees", "alees/prod", "/alees/", "other/", "alees/prod/database/", "alees//"])
def test_allowed_prefixes_are_named_when_prefix_is_wrong(prefix: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"AWS_SECRETS_PREFIX is '{prefix}'; allowed is alees/, "):
        Settings.from_environment(REGION | {"AWS_SECRETS_PREFIX": prefix, "ALEES_ENVIRONMENT": "prod"})


@pytest.mark.parametrize("environment", ["Prod", "p", "pre-prod", ""])
def test_environment_is_refused_when_it_cannot_stand_in_a_name(environment: str) -> None:
    with pytest.raises(InvalidNameError, match=f"environment is '{environment}'"):
        Settings(environment=environment, region="eu-central-1")


@pytest.mark.parametrize("region", ["", "Frankfurt", "eu-central", "eu-central-1a", "eu_central_1"])
def test_region_is_refused_when_it_is_no_code(region: str) -> None:
    with pytest.raises(ConfigurationError, match=f"AWS region is '{region}'; allowed is"):
        Settings(environment="prod", region=region)
