"""Names of hosts and numbers of accounts stand only where they belong."""

import json
import re

from config.environments import declared
from tests.template.reading import Template

HOST = re.compile(r"[a-z0-9.-]+\.rds\.amazonaws\.com")
# Logical ids end in hexadecimal digits, which may all be decimal but for one.
ACCOUNT = re.compile(r"(?<![0-9A-F])\d{12}(?![0-9A-F])")


def _strays(template: Template, host: str, account: str | None) -> list[str]:
    """Return hosts outside DATABASE_HOST, and accounts other than the stack's own."""
    text = re.sub(r"[0-9a-f]{64}", "", json.dumps(template))
    text = text.replace(f'"DATABASE_HOST": "{host}"', "", 1)
    return [*HOST.findall(text), *(number for number in ACCOUNT.findall(text) if number != account)]


def _admin_secrets() -> list[str]:
    # Names of secrets that RDS made hold a UUID, whose last part can look like an account.
    return [environment.database.admin_secret for environment in declared()]


def test_hosts_and_accounts_stand_where_they_belong(templates: dict[str, Template]) -> None:
    for environment in declared():
        stacks = [name for name in templates if name.startswith(environment.stack_name)]
        for stack in [*stacks, environment.account.stack_id]:
            text = json.dumps(templates[stack])
            for name in _admin_secrets():
                text = text.replace(name, "")
            assert _strays(json.loads(text), environment.database.host, environment.account.id) == []


def test_strays_are_found_when_they_are_planted() -> None:
    planted = {"Description": "alees.rds.amazonaws.com in 444455556666"}

    assert _strays(planted, "db.example", "111122223333") == ["alees.rds.amazonaws.com", "444455556666"]
