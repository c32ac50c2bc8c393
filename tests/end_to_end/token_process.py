"""A process that signs and verifies tokens as its parent says, under a clock that the parent moves ahead.

A line of JSON asks, another one answers: ["sign"], ["accepts", token, ...], ["ahead", seconds].
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt

from alees_secrets import AwsSecretSource, SecretsManager, SecretUnavailableError, Settings, UnknownKeyError

PROJECT = Path(__file__).parents[2]


class TokenProcess:
    """The process, seen from its parent."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def sign(self) -> str:
        """Return a token of now."""
        return str(self._ask("sign"))

    def accepts(self, *tokens: str) -> list[bool]:
        """Tell which tokens it accepts."""
        return list(self._ask("accepts", *tokens))

    def ahead(self, seconds: float) -> None:
        """Move its clock ahead."""
        self._ask("ahead", seconds)

    def _ask(self, *question: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def token_process(environment: Mapping[str, str], wall_ahead: float) -> Iterator[TokenProcess]:
    """Start a process whose wall clock is so many seconds ahead; it ends with the context."""
    command = [sys.executable, "-m", "tests.end_to_end.token_process", str(wall_ahead)]
    with subprocess.Popen(
        command, cwd=PROJECT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield TokenProcess(process)
        assert process.stdin is not None
        process.stdin.close()  # it ends when nothing is asked any more


def _accepts(manager: SecretsManager, token: str) -> bool:
    try:
        key = manager.verification_key(jwt.get_unverified_header(token)["kid"])
        jwt.decode(token, key.verification_key(), algorithms=[key.algorithm])
    except (UnknownKeyError, SecretUnavailableError):
        return False
    return True


def _sign(manager: SecretsManager) -> str:
    key = manager.signing_key()
    return jwt.encode({"sub": "somebody"}, key.signing_key(), algorithm=key.algorithm, headers={"kid": key.kid})


def _answer(wall_ahead: float) -> None:
    ahead, settings = 0.0, Settings.from_environment()
    manager = SecretsManager(
        settings,
        source=AwsSecretSource(settings.region),
        clock=lambda: time.monotonic() + ahead,
        wall=lambda: time.time() + wall_ahead + ahead,
    )
    for line in sys.stdin:
        match json.loads(line):
            case ["ahead", seconds]:
                ahead += seconds
                answer: object = None
            case ["sign"]:
                answer = _sign(manager)
            case ["accepts", *tokens]:
                answer = [_accepts(manager, token) for token in tokens]
        print(json.dumps(answer), flush=True)  # noqa: T201 - to the parent


if __name__ == "__main__":
    _answer(float(sys.argv[1]))
