import os
import subprocess
from pathlib import Path

import pytest

from operations.errors import OperationError
from operations.review.revision import choose_revision


class Repository:
    """A git repository with one commit on main."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet", "--initial-branch=main")
        self.first = self.commit("first")

    def git(self, *arguments: str) -> str:
        people = {f"GIT_{who}_{what}": "test" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        settings = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments],  # noqa: S607 - whichever git the shell finds
            cwd=self.folder,
            env={**os.environ, **people, **settings},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, message: str) -> str:
        """Add an empty commit and return its name."""
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_the_merge_base_is_chosen_when_on_a_branch(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "change")
    repository.commit("change")

    chosen = choose_revision(repository.folder, None)

    assert str(chosen) == f"revision {repository.first[:8]} (the merge base with main)"


def test_the_last_commit_is_chosen_when_on_main(repository: Repository) -> None:
    last = repository.commit("second")

    assert choose_revision(repository.folder, None).commit == last


def test_the_remotes_main_is_chosen_when_there_is_one(repository: Repository) -> None:
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repository.commit("not pushed")

    assert choose_revision(repository.folder, None).commit == repository.first


def test_the_named_revision_is_chosen_when_one_is_named(repository: Repository) -> None:
    repository.commit("second")

    assert choose_revision(repository.folder, "HEAD~1").commit == repository.first


@pytest.mark.parametrize("wanted", ["nope", "--all"])
def test_the_name_is_told_when_there_is_no_such_revision(repository: Repository, wanted: str) -> None:
    with pytest.raises(OperationError, match=f"BASE is '{wanted}'; allowed is a commit, branch or tag"):
        choose_revision(repository.folder, wanted)


def test_base_is_asked_for_when_there_is_no_main(repository: Repository) -> None:
    repository.git("branch", "--quiet", "--move", "trunk")

    with pytest.raises(OperationError, match="no commit in common with origin/main or main; name a revision"):
        choose_revision(repository.folder, None)
