"""What people and machines read."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.by_hand import Handled
from operations.output import print_json, relative, revoked_text

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (None, "never"),
        (NOW, "now"),
        (NOW + timedelta(days=30), "in 30 days"),
        (NOW - timedelta(days=1), "1 day ago"),
        (NOW - timedelta(minutes=5), "5 minutes ago"),
        (NOW + timedelta(hours=2), "in 2 hours"),
        (NOW - timedelta(seconds=3), "3 seconds ago"),
    ],
)
def test_times_read_as_people_say_them(moment: datetime | None, text: str) -> None:
    assert relative(moment, NOW) == text


def test_times_are_iso_8601_when_printed_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"at": NOW})

    assert capsys.readouterr().out == '{\n  "at": "2026-01-31T12:00:00+00:00"\n}\n'


@pytest.mark.parametrize("ended", [True, False])
def test_it_is_said_who_has_to_end_a_revoked_password_that_nothing_here_can_end(*, ended: bool) -> None:
    text = revoked_text(Handled("email/credentials", "revoked", "a" * 32, {}), ended=ended)

    assert text.startswith("email/credentials: version aaaaaaaa is revoked")
    assert ("The mail server still accepts its password until the server's operator ends it" in text) is not ended


def test_nothing_is_printed_when_a_value_has_no_json_form() -> None:
    with pytest.raises(TypeError, match="no JSON form for object"):
        print_json(object())
