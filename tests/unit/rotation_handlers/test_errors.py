"""Every cause leads a person somewhere."""

import re
from pathlib import Path

from rotation_handlers.errors import Cause
from rotation_handlers.telling import RUNBOOK

PROJECT = Path(__file__).parents[3]


def test_the_runbook_has_one_section_for_each_cause_and_no_other() -> None:
    text = (PROJECT / RUNBOOK).read_text(encoding="utf-8")

    assert sorted(re.findall(r"^## (\S+)$", text, re.MULTILINE)) == sorted(Cause)
