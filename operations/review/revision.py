"""The revision of this repository that a change is compared with."""

import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from operations.errors import OperationError
from operations.review.assembly import Template, read_stacks
from operations.review.cdk import synthesize

_MAIN = ("origin/main", "main")
_SHARED = (".venv", "node_modules", ".bundles", ".local")
"""What set-up and earlier syntheses made; revisions share it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, and what it is to the reviewer.

    Attributes:
        commit: Its full name.
        role: Such as ``the merge base with main``.
    """

    commit: str
    role: str

    def __str__(self) -> str:
        return f"revision {self.commit[:8]} ({self.role})"


def choose_revision(project: Path, wanted: str | None) -> Revision:
    """Return the revision to compare with.

    Args:
        project: The checkout.
        wanted: What BASE names. None takes the merge base with origin/main, or with main where there is no remote: what
            a pull request adds. On main itself that is the last commit pushed, or the last commit.

    Raises:
        OperationError: There is none.
    """
    if wanted is not None:
        commit = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}")
        if commit is None:
            raise OperationError(f"BASE is {wanted!r}; allowed is a commit, branch or tag of this repository")
        return Revision(commit.decode().strip(), wanted)
    for branch in _MAIN:
        commit = _git(project, "merge-base", "HEAD", branch)
        if commit is not None:
            return Revision(commit.decode().strip(), f"the merge base with {branch}")
    raise OperationError(f"HEAD has no commit in common with {' or '.join(_MAIN)}; name a revision: make diff BASE=...")


def read_revision(project: Path, environment: str, revision: Revision) -> dict[str, Template]:
    """Return the templates of an environment, or of ``all``, at *revision*, by the id of their stack.

    The revision is synthesized in a folder of its own; the repository and the checkout stay as they are.

    Raises:
        OperationError: The revision cannot be synthesized with the packages that are set up.
    """
    with tempfile.TemporaryDirectory(prefix="alees-revision-") as folder:
        files, assembly = Path(folder) / "files", Path(folder) / "assembly"
        _export(project, revision.commit, files)
        try:
            synthesize(files, environment, assembly)
        except OperationError as error:
            problem = str(error)
        else:
            return {stack.id: stack.read_template() for stack in read_stacks(assembly)}
    raise OperationError(f"{revision} cannot be synthesized here; name another one with BASE=...: {problem}")


def _export(project: Path, commit: str, folder: Path) -> None:
    # An archive, not a work tree: git records those, and one that is ended half-way would stay in the repository.
    archive = _git(project, "archive", "--format=tar", commit)
    if archive is None:
        raise OperationError(f"git cannot read commit {commit}; see: git fsck")
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    for name in _SHARED:
        if (project / name).exists():
            (folder / name).symlink_to(project / name)


def _git(project: Path, *arguments: str) -> bytes | None:
    """Return what a git command prints; None when it fails."""
    done = subprocess.run(  # noqa: S603 - our own arguments
        ["git", *arguments],  # noqa: S607 - whichever git the shell finds
        cwd=project,
        capture_output=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else None
