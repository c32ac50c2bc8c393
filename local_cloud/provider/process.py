"""Start and end the process of the provider of API keys."""

import secrets
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from local_cloud.errors import LocalCloudError
from local_cloud.launching import bind
from local_cloud.postgres.certificates import make_server_certificate
from local_cloud.processes import ProcessIdentity

_PROJECT = Path(__file__).parents[2]
_STOP_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningProvider:
    """A running provider, without keys.

    Attributes:
        url: Of its root.
        token: What management calls authenticate by. Kept nowhere else.
        process: Its process.
        child: The same, for the process that started it to wait for.
    """

    url: str
    token: str = field(repr=False)
    process: ProcessIdentity
    child: "subprocess.Popen[bytes]" = field(repr=False)

    def stop(self) -> None:
        """End it."""
        stop_provider(self.process)
        self.child.wait()


def start_provider(folder: Path, certificate_authority: Path) -> RunningProvider:
    """Start a provider on a free port of 127.0.0.1; what *folder* held before is deleted.

    Args:
        folder: For its private key and its log; nobody else can read it.
        certificate_authority: File to write the authority's certificate to.

    Raises:
        LocalCloudError: It ended at once.
    """
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    made = make_server_certificate()
    certificate_authority.write_bytes(made.authority)
    certificate = folder / "server.pem"
    certificate.write_bytes(made.certificate + made.key)
    token, log = secrets.token_urlsafe(32), folder / "server.log"
    with bind(None) as listener, log.open("wb") as output:
        listener.listen()  # from here on a request waits until the process answers it
        port: int = listener.getsockname()[1]
        started = subprocess.Popen(  # noqa: S603 - this project's own module
            [sys.executable, "-m", "local_cloud.provider", str(listener.fileno()), str(certificate)],
            cwd=_PROJECT,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    assert started.stdin is not None  # noqa: S101 - tells the type checker what PIPE means
    with started.stdin as pipe:
        pipe.write(f"{token}\n".encode())
    process = ProcessIdentity.of(started.pid)
    if process is None:
        raise LocalCloudError(f"the provider of API keys ended right after its start; see {log}")
    return RunningProvider(url=f"https://localhost:{port}", token=token, process=process, child=started)


def stop_provider(process: ProcessIdentity) -> None:
    """End a provider by its process; does nothing when it is gone."""
    process.end(signal.SIGTERM, _STOP_SECONDS)
