from pathlib import Path

import pytest

from operations.errors import OperationError
from operations.review.cdk import synthesize

CLI = """#!/bin/sh
echo "$*" >> "$0.called"
{body}
"""


def _project(folder: Path, body: str) -> Path:
    """A checkout whose CDK CLI does what *body* says."""
    cli = folder / "node_modules" / ".bin" / "cdk"
    cli.parent.mkdir(parents=True)
    cli.write_text(CLI.format(body=body), encoding="utf-8")
    cli.chmod(0o755)
    return folder


def _calls(project: Path) -> list[str]:
    return (project / "node_modules" / ".bin" / "cdk.called").read_text(encoding="utf-8").splitlines()


def test_the_setup_is_asked_for_when_the_cli_is_missing(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="node_modules/.bin/cdk is missing; run: make setup"):
        synthesize(tmp_path, "Prod", tmp_path / "out")


def test_no_environment_is_named_when_all_are_wanted(tmp_path: Path) -> None:
    project = _project(tmp_path, "")

    synthesize(project, "all", tmp_path / "out")

    assert "--context" not in _calls(project)[0]


def test_the_apps_words_alone_are_told_when_it_refuses(tmp_path: Path) -> None:
    project = _project(
        tmp_path, "echo 'Configuration error: region is 1'; echo 'app.py: Subprocess exited with error 1'; exit 1"
    )

    with pytest.raises(OperationError, match=r"\AConfiguration error: region is 1\Z"):
        synthesize(project, "Prod", tmp_path / "out")


def test_the_network_is_used_when_a_package_is_not_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_OFFLINE", raising=False)
    project = _project(tmp_path, 'if [ -n "$UV_OFFLINE" ]; then echo "Build error: not kept"; exit 1; fi')

    synthesize(project, "Prod", tmp_path / "out")

    assert len(_calls(project)) == 2
