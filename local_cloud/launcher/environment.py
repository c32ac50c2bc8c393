"""The environment of the launcher's process. It configures MiniStack and, since functions inherit it, them too."""

import os
from collections.abc import Mapping
from pathlib import Path

RETRY_DELAYS_VARIABLE = "ALEES_LOCAL_RETRY_SECONDS"
"""Seconds before each further attempt of a failed rotation step, separated by commas. Passed on from the caller."""


def launcher_environment(*, port: int, region: str, account: str, temporary: Path) -> dict[str, str]:
    """Return the whole environment: nothing of the caller's AWS settings reaches the emulator or a function.

    Args:
        port: Port of 127.0.0.1 that it serves on.
        region: Region of calls that name none.
        account: Account of calls whose key is no account number.
        temporary: Existing folder in which functions are unpacked.
    """
    return {
        **_kept(os.environ),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": region,
        "MINISTACK_ACCOUNT_ID": account,
        "AUTH": "true",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "INFO",
        "NO_PROXY": "127.0.0.1,localhost",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "TMPDIR": str(temporary),
        # No container is ever used; without a socket MiniStack does not look for the Docker daemon.
        "DOCKER_HOST": f"unix://{temporary / 'no-docker.sock'}",
    }


def _kept(environment: Mapping[str, str]) -> dict[str, str]:
    names = {"PATH", "HOME", "LANG", "LC_ALL", RETRY_DELAYS_VARIABLE}
    return {name: value for name, value in environment.items() if name in names}
