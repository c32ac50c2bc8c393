"""One line an invocation, and an error that holds nothing of the event."""

import json

import pytest

from monitoring_handlers.metrics import embedded_metrics
from monitoring_handlers.telling import WatchingFailed, tell


def test_one_line_with_metrics_is_logged_when_the_work_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    tell(lambda line: line.update(embedded_metrics("prod", {"Reads": 4})))

    (line,) = (json.loads(text) for text in capsys.readouterr().out.splitlines())
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert (line["outcome"], line["environment"], line["Reads"]) == ("done", "prod", 4)
    assert directive["Metrics"] == [{"Name": "Reads", "Unit": "Count"}]
    assert directive["Dimensions"] == [["environment"]]


def test_only_class_and_place_are_told_when_the_work_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_: dict[str, object]) -> None:
        raise ValueError("planted canary")

    with pytest.raises(WatchingFailed, match="ValueError at test_telling.py:") as raised:
        tell(fail)

    assert raised.value.__context__ is None
    assert "planted canary" not in capsys.readouterr().out + str(raised.value)
