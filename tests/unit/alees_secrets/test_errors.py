import inspect

import pytest

from alees_secrets import errors

CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", CLASSES)
def test_root_catches_it_when_raised(error: type[errors.SecretsError]) -> None:
    assert issubclass(error, errors.SecretsError)


@pytest.mark.parametrize("error", CLASSES)
def test_tree_shows_it_when_defined(error: type[errors.SecretsError]) -> None:
    assert f" {error.__name__} " in f"{errors.__doc__}".replace("\n", " ")


@pytest.mark.parametrize("error", [errors.InvalidNameError, errors.InvalidSecretError])
def test_value_error_catches_it_when_a_call_is_wrong(error: type[errors.SecretsError]) -> None:
    assert issubclass(error, errors.ConfigurationError)
    assert issubclass(error, ValueError)
