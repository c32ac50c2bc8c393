"""CONTRIBUTING.md's example of a provider is one file and one line of config, and rotates beside another service."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[4]

ROTATE = """
from pathlib import Path
from dataclasses import replace
from http import HTTPStatus
from config.http_call import Management
from config.services import ApiService, Custom
from rotation_handlers.api_key.providers import acme
from rotation_handlers.deadline import Deadline
from rotation_handlers.rotation import Step, run_step
from rotation_handlers.versions import SecretVersions
from tests.fakes.lambda_context import FakeContext
from tests.fakes.provider import running_provider
from tests.fakes.secrets_manager import ARN
from tests.unit.rotation_handlers.jwt.rotating import new_store

declared = eval(Path("declared.txt").read_text())
declared.check("Prod.api_services")
services = (declared, replace(declared, name="acme-eu"))
stores = {service.name: new_store() for service in services}

def rotate(service, number):
    token = f"00000000-0000-4000-8000-00000000000{number}"
    stores[service.name].start_rotation(token)
    for step in Step:
        deadline = Deadline(FakeContext())
        settings = {**service.provider.settings(), "url": provider.url}
        given = provider.service(deadline, settings, f"alees/prod/{service.path}")
        run_step(step, SecretVersions(stores[service.name], ARN, token, deadline), acme.strategy(given))

def meet_another(handler):
    provider.keys.revoke(handler.path.rpartition("/")[2])
    handler.answer(HTTPStatus.NOT_FOUND, {})

with running_provider(Path.cwd(), most=3) as provider:
    rotate(services[1], 0)
    for number in (1, 2, 3):
        rotate(services[0], number)
    provider.answer["DELETE"] = meet_another
    rotate(services[0], 4)
    for store in stores.values():
        assert provider.keys.accept(store.current()["api_key"], store.current()["api_secret"])
    print(acme.__file__, sorted(key.name for key in provider.keys.list()))
"""


def test_the_example_rotates_when_it_is_one_file_and_one_line_of_config(tmp_path: Path) -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A provider of API keys")[2]
    file, line = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[:2]
    for package in ("alees_secrets", "config", "rotation_handlers"):
        shutil.copytree(PROJECT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "rotation_handlers" / "api_key" / "providers" / "acme.py").write_text(file, encoding="utf-8")
    (tmp_path / "declared.txt").write_text(line, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ROTATE],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{tmp_path}:{PROJECT}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert str(tmp_path) in done.stdout
    assert [done.stdout.count(f"alees-prod-acme-{service}0") for service in ("", "eu-")] == [2, 1]
