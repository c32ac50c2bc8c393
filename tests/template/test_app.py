"""Which environments the app builds, and what it says when it cannot."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import app
from config.errors import ConfigError
from config.local import STATE_DIRECTORY

PROJECT = Path(__file__).parents[2]


def test_every_declared_environment_is_built_when_none_is_named() -> None:
    assert [each.name for each in app.selected(None, STATE_DIRECTORY)] == ["Dev", "Staging", "Prod"]


def test_one_environment_is_built_when_it_is_named() -> None:
    assert [each.name for each in app.selected("Prod", STATE_DIRECTORY)] == ["Prod"]


def test_the_allowed_names_are_told_when_the_environment_is_unknown() -> None:
    with pytest.raises(ConfigError, match="context environment is 'prd'; allowed is one of Dev, Staging, Prod, Local"):
        app.selected("prd", STATE_DIRECTORY)


def test_one_line_and_no_traceback_is_printed_when_no_local_cloud_runs(tmp_path: Path) -> None:
    context = f'{{"environment": "Local", "local_state": "{tmp_path}"}}'
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=PROJECT,
        env={**os.environ, "CDK_CONTEXT_JSON": context, "CDK_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Configuration error: no local AWS is running in {tmp_path}; start it with: make local"
    )


def test_the_app_imports_nothing_but_what_it_is_built_from() -> None:
    # The contracts of the other packages are kept by import-linter, which does not take single files.
    tree = ast.parse((PROJECT / "app.py").read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
    }

    assert imported - set(sys.stdlib_module_names) == {"aws_cdk", "cdk_nag", "config", "constructs_lib", "stacks"}
