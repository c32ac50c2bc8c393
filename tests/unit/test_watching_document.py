"""docs/watching.md names, for each item of the customer's lists about watching, tests that exist."""

from tests.unit.test_threat_model import PROJECT, missing

DOCUMENT = (PROJECT / "docs" / "watching.md").read_text(encoding="utf-8")
LISTS = {
    "Security Considerations, Access Control": 3,
    "Security Considerations, Audit Logging": 3,
    "Security Considerations, Encryption": 3,
    "Monitoring and Alerts, Secret Access": 3,
    "Monitoring and Alerts, Rotation Status": 3,
    "Monitoring and Alerts, Secret Health": 3,
}
"""The customer's lists to how many items each has."""


def test_every_named_test_exists() -> None:
    assert "`tests/end_to_end/" in DOCUMENT
    assert missing(DOCUMENT) == []


def test_every_item_names_a_test_that_sees_it_happen() -> None:
    for source, items in LISTS.items():
        rows = [line for line in DOCUMENT.splitlines() if line.startswith(f"| {source} |")]
        assert len(rows) == len(set(rows)) == items
        assert [row for row in rows if "`tests/end_to_end/" not in row] == []
