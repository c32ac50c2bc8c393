import copy
import inspect
import io
import json
import logging
import pickle
import pprint
from collections.abc import Callable

import pytest
import rich
from rich.console import Console
from rich.pretty import pretty_repr

from alees_secrets import SecretFields
from tests.fakes.canary import CANARY

FIELDS: dict[str, str | int] = {"username": "alees", "password": CANARY, "port": 5432}


def _rich_inspection(fields: SecretFields) -> str:
    console = Console(width=200, file=io.StringIO(), record=True)
    rich.inspect(fields, console=console, all=True)
    return console.export_text()


def _logged(fields: SecretFields) -> str:
    record = logging.LogRecord("alees", logging.DEBUG, __file__, 1, "read %s", (fields,), None)
    return f"{logging.Formatter().format(record)} {record.args!r}"


DISPLAYS: dict[str, Callable[[SecretFields], str]] = {
    "repr": repr,
    "ascii": ascii,
    "str": str,
    "f-string": lambda fields: f"{fields} {fields!r} {fields!s} {fields:>30} {fields:d}",
    "format": lambda fields: "{} {:.3f}".format(fields, fields),  # noqa: UP032 - str.format is what is tried
    "percent": lambda fields: "%s %r" % (fields, fields),  # noqa: UP031 - the operator is what is tried
    "list": lambda fields: repr([fields, (fields,), {"database": fields}]),
    "views": lambda fields: f"{fields.keys()!r} {fields.values()!r} {fields.items()!r}",
    "pprint": lambda fields: pprint.pformat({"database": fields}),
    "rich": lambda fields: pretty_repr({"database": fields}),
    "rich.inspect": _rich_inspection,
    "json": lambda fields: json.dumps({"database": fields}, default=str),
    "logging": _logged,
    "getmembers": lambda fields: repr(inspect.getmembers(fields)),
    "getstate": lambda fields: repr(object.__getstate__(fields)),
}


@pytest.mark.parametrize("display", DISPLAYS.values(), ids=DISPLAYS)
def test_names_alone_are_shown_when_displayed(display: Callable[[SecretFields], str]) -> None:
    shown = display(SecretFields(FIELDS))
    assert CANARY not in shown
    assert "5432" not in shown
    assert "SecretFields" in shown


@pytest.mark.parametrize("display", [repr, pprint.pformat, pretty_repr])
def test_canary_is_found_when_a_plain_dictionary_is_displayed(display: Callable[[object], str]) -> None:
    assert CANARY in display({"database": dict(SecretFields(FIELDS))})


def test_field_names_are_shown_when_displayed() -> None:
    assert repr(SecretFields(FIELDS)) == "<SecretFields: username, password, port; values hidden>"


def test_vars_is_refused_when_asked() -> None:
    with pytest.raises(TypeError):
        vars(SecretFields(FIELDS))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling_is_refused_when_tried(protocol: int) -> None:
    with pytest.raises(TypeError, match="read the secret again in the other process"):
        pickle.dumps({"database": SecretFields(FIELDS)}, protocol)


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_copy_is_the_object_itself_when_copied(duplicate: Callable[[SecretFields], SecretFields]) -> None:
    fields = SecretFields(FIELDS)
    assert duplicate(fields) is fields


def test_plain_values_are_returned_when_asked_for_by_key() -> None:
    fields = SecretFields(FIELDS)
    assert (fields["password"], fields["port"], fields.get("dbname")) == (CANARY, 5432, None)


def test_plain_values_are_returned_when_asked_for_as_attributes() -> None:
    fields = SecretFields(FIELDS)
    assert (fields.username, fields.password, fields.port) == ("alees", CANARY, 5432)


@pytest.mark.parametrize("name", ["dbname", "passwort", "_values_of"])
def test_attribute_error_names_the_fields_when_it_is_none(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(SecretFields(FIELDS), name)
    assert str(caught.value) == f"this secret has no field {name!r}; its fields are username, password, port"


def test_plain_dictionary_is_made_when_converted() -> None:
    assert dict(SecretFields(FIELDS)) == FIELDS


def test_key_error_names_the_field_alone_when_it_is_absent() -> None:
    with pytest.raises(KeyError) as caught:
        SecretFields(FIELDS)["passwort"]
    assert caught.value.args == ("passwort",)
    assert caught.value.__context__ is None


def test_equal_when_contents_are() -> None:
    assert SecretFields(FIELDS) == SecretFields(dict(reversed(FIELDS.items())))
    assert SecretFields(FIELDS) == FIELDS


def test_not_equal_when_a_value_differs() -> None:
    assert SecretFields(FIELDS) != SecretFields({**FIELDS, "port": 5433})


def test_hash_is_refused_when_asked() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(SecretFields(FIELDS))


def test_unchanged_when_what_it_was_made_from_changes() -> None:
    given = dict(FIELDS)
    fields = SecretFields(given)
    given["password"] = "other"
    assert fields["password"] == CANARY


def test_assignment_is_refused_when_tried() -> None:
    with pytest.raises(TypeError):
        SecretFields(FIELDS)["password"] = "other"  # type: ignore[index]


def test_length_counts_fields_when_asked() -> None:
    assert len(SecretFields(FIELDS)) == 3
