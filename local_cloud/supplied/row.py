"""What a row of the table is."""

from dataclasses import dataclass

API = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_{}.html"
"""A page of Secrets Manager's API reference."""

GUIDE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/{}.html"
"""A page of Secrets Manager's user guide."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """One behaviour.

    Attributes:
        behaviour: What AWS does.
        source: The document that says so.
        test: File below ``tests/unit/local_cloud`` and the function in it, as ``path::name``.
    """

    behaviour: str
    source: str
    test: str


def rows(file: str, source: str, *pairs: tuple[str, str]) -> tuple[Supplied, ...]:
    """Return the rows of one source whose tests are in one file; *pairs* are behaviour and test."""
    return tuple(Supplied(behaviour, source, f"{file}::{test}") for behaviour, test in pairs)
