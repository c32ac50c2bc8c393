"""CONTRIBUTING.md's example of a provider is one file and one line of config, and rotates."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[4]

ROTATE = """
import sys
from pathlib import Path
from dataclasses import replace
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
store = new_store()
with running_provider(Path.cwd()) as provider:
    for number in range(3):
        token = f"00000000-0000-4000-8000-00000000000{number}"
        store.start_rotation(token)
        for step in Step:
            deadline = Deadline(FakeContext())
            settings = {**declared.provider.settings(), "url": provider.url}
            service = provider.service(deadline, settings, f"alees/prod/{declared.path}")
            run_step(step, SecretVersions(store, ARN, token, deadline), acme.strategy(service))
    assert provider.keys.accept(**{half: store.current()[f"api_{name}"] for half, name in
                                   (("public", "key"), ("secret", "secret"))})
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
    assert done.stdout.count("alees-prod-acme-") == 2
