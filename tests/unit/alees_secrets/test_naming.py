import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alees_secrets import naming
from alees_secrets.errors import InvalidNameError
from alees_secrets.naming import SecretName, smtp_user, updates_topic

ENVIRONMENTS = st.from_regex(r"[a-z][a-z0-9]{1,15}", fullmatch=True)
SEGMENTS = st.from_regex(r"[a-z0-9](?:[a-z0-9_.-]{0,20}[a-z0-9])?", fullmatch=True)
PATHS = (
    st.lists(SEGMENTS, min_size=2, max_size=4)
    .filter(lambda segments: segments[0] != "alees")
    .map("/".join)
    .filter(lambda path: not re.fullmatch(".*-[A-Za-z0-9]{6}", path))
)


def test_name_follows_the_convention_when_written() -> None:
    assert str(SecretName("prod", "database/credentials")) == "alees/prod/database/credentials"


@given(environment=ENVIRONMENTS, path=PATHS)
def test_same_parts_come_back_when_a_name_is_written_and_parsed(environment: str, path: str) -> None:
    name = SecretName(environment, path)
    assert SecretName.parse(str(name)) == name


@given(environment=ENVIRONMENTS, path=PATHS)
def test_secrets_manager_accepts_it_when_a_name_is_valid(environment: str, path: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", str(SecretName(environment, path)))


@pytest.mark.parametrize("environment", ["prod", "e2", "a234567890123456"])
def test_environment_is_returned_when_valid(environment: str) -> None:
    assert naming.check_environment(environment) == environment


@pytest.mark.parametrize("environment", ["", "p", "Prod", "2e", "pre-prod", "prod\n", "a2345678901234567"])
def test_environment_is_refused_when_invalid(environment: str) -> None:
    with pytest.raises(InvalidNameError, match=re.escape(f"environment is {environment!r}; allowed is")):
        naming.check_environment(environment)


@pytest.mark.parametrize("path", ["database/credentials", "api/new-service/key", "api/a.b_c/key", "api/x-abcdef/key"])
def test_path_is_returned_when_valid(path: str) -> None:
    assert naming.check_path(path) == path


@pytest.mark.parametrize(
    "path", ["", "database", "/database", "database/", "a//b", "Database/x", "a/b c", "a/-b", "a/b-", "a/b\n"]
)
def test_path_is_refused_when_segments_are_invalid(path: str) -> None:
    with pytest.raises(InvalidNameError, match=re.escape(f"secret path is {path!r}; allowed are")):
        naming.check_path(path)


@pytest.mark.parametrize(
    "path", ["alees/prod/database/credentials", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:x"]
)
def test_path_alone_is_asked_for_when_given_a_whole_name(path: str) -> None:
    with pytest.raises(InvalidNameError, match="give only what follows alees/{environment}/"):
        naming.check_path(path)


@pytest.mark.parametrize("path", ["api/my-secret", "database/x-123456"])
def test_path_is_refused_when_it_ends_like_an_arn(path: str) -> None:
    with pytest.raises(InvalidNameError, match="hyphen and six characters"):
        naming.check_path(path)


def _path_of(length: int) -> str:
    """Return a path whose whole name in prod has *length* characters."""
    return "api/" + "x" * (length - len("alees/prod/api/"))


def test_name_is_made_when_as_long_as_allowed() -> None:
    assert len(str(SecretName("prod", _path_of(512)))) == 512


def test_name_is_refused_when_longer_than_allowed() -> None:
    with pytest.raises(InvalidNameError, match="has 513 characters; Secrets Manager allows 512"):
        SecretName("prod", _path_of(513))


@pytest.mark.parametrize("name", ["", "alees", "alees/prod", "alees/prod/", "other/prod/database/credentials"])
def test_whole_name_is_refused_when_it_breaks_the_convention(name: str) -> None:
    with pytest.raises(InvalidNameError, match=re.escape(f"secret name is {name!r}; allowed is")):
        SecretName.parse(name)


def test_pattern_ends_in_six_wildcards_when_arn_is_asked_for() -> None:
    pattern = SecretName("prod", "jwt/credentials").arn_pattern(
        partition="aws", region="eu-central-1", account="111122223333"
    )
    assert pattern == "arn:aws:secretsmanager:eu-central-1:111122223333:secret:alees/prod/jwt/credentials-??????"


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (naming.prefix("prod"), "alees/prod/"),
        (naming.key_alias("prod", "database"), "alias/alees/prod/database"),
        (naming.role_path("prod"), "/alees/prod/"),
        (naming.role_name("prod", "application"), "alees-prod-application"),
    ],
)
def test_other_names_follow_the_convention_when_made(made: str, expected: str) -> None:
    assert made == expected


@pytest.mark.parametrize(
    "make",
    [naming.prefix, naming.role_path, lambda name: naming.role_name(name, "x"), lambda name: SecretName(name, "a/b")],
)
def test_environment_is_checked_when_names_are_made(make: Callable[[str], object]) -> None:
    with pytest.raises(InvalidNameError, match="environment is 'Prod'"):
        make("Prod")


def test_user_and_topic_are_named_by_the_environment() -> None:
    assert (smtp_user("prod"), updates_topic("prod")) == ("alees-prod-smtp", "alees-prod-secret-updates")
    with pytest.raises(InvalidNameError):
        smtp_user("Prod")
