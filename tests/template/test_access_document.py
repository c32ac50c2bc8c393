"""docs/access.md is what the templates say."""

import os
from pathlib import Path

from config.environments import declared
from tests.template.iam.document import document
from tests.template.iam.world import build_world
from tests.template.reading import Template

PAGE = Path(__file__).parents[2] / "docs" / "access.md"


def test_the_page_is_what_the_templates_say(templates: dict[str, Template]) -> None:
    text = document([build_world(environment, templates) for environment in declared()])
    if os.environ.get("ALEES_WRITE_SNAPSHOTS"):
        PAGE.write_text(text, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == text, "after a review: make snapshots"


def test_the_page_changes_when_a_policy_does(templates: dict[str, Template]) -> None:
    worlds = [build_world(environment, templates) for environment in declared()]
    before = document(worlds)
    operator = worlds[-1].principals["alees-prod-operator"]
    operator.own.append({"Effect": "Allow", "Action": "secretsmanager:DeleteSecret", "Resource": "*"})
    operator.boundary.append({"Effect": "Allow", "Action": "*", "Resource": "*"})

    added = set(document(worlds).splitlines()) - set(before.splitlines())

    assert any("| operator | " in line and line.endswith("delete |") for line in added)
