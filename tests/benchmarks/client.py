"""The client beside a bare cached look-up, AWS's caching library and Powertools, in one run."""

import json
import os
import statistics
import tempfile
import threading
import time
import timeit
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

from alees_secrets import AwsSecretSource, SecretFields, SecretNotFoundError, SecretsManager, Settings, VersionStage
from alees_secrets.shared import using
from tests.benchmarks.measuring import medians, process, processor_seconds, show
from tests.benchmarks.stub_aws import StubAws, stub_aws
from tests.unit.alees_secrets.cached import settle

PATH = "email/credentials"
FULL = f"alees/prod/{PATH}"
FIELDS = {"host": "mail.example.com", "port": 587, "username": "alees", "password": "for-the-benchmark"}
SETTINGS = Settings(environment="prod", region="eu-central-1")
LOOPS = 2_000
"""Reads in one measurement: so few that most are not interrupted, on a machine that does other things too."""
START_UP_PAIRS = 51

PLAIN = """
import boto3, json
names = {names!r}
client = boto3.session.Session().client("secretsmanager", region_name="eu-central-1")
values = {{}}
for start in range(0, len(names), 20):
    for value in client.batch_get_secret_value(SecretIdList=names[start:start + 20])["SecretValues"]:
        values[value["Name"]] = json.loads(value["SecretString"])
"""
OURS = """
from alees_secrets import SecretsManager
SecretsManager().preload({paths!r})
"""


class Floor:
    """A method call, a dictionary's look-up, a clock's reading and a prepared mapping: nothing can do with less."""

    def __init__(self, value: SecretFields) -> None:
        self._kept = {PATH: (time.monotonic() + 1e9, value)}

    def get(self, name: str) -> SecretFields:
        """Return what is kept."""
        due, value = self._kept[name]
        if time.monotonic() < due:
            return value
        raise KeyError(name)


class Clock:
    """The real clock, moved ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return seconds."""
        return time.monotonic() + self.ahead


def _boto3(stub: StubAws) -> Any:
    import boto3

    return boto3.session.Session().client("secretsmanager", region_name="eu-central-1", endpoint_url=stub.url)


def _manager(clock: Callable[[], float] = time.monotonic) -> SecretsManager:
    return SecretsManager(SETTINGS, source=AwsSecretSource("eu-central-1"), clock=clock)


def _loops(statement: str, **names: object) -> Callable[[], object]:
    timer = timeit.Timer(statement, globals={"PATH": PATH, **names})
    return lambda: timer.timeit(LOOPS)


def _others(stub: StubAws) -> dict[str, Callable[[], object]]:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider
    from aws_secretsmanager_caching import SecretCache

    caching, powertools = SecretCache(client=_boto3(stub)), SecretsProvider(boto3_client=_boto3(stub))
    return {
        "aws_caching": lambda: json.loads(caching.get_secret_string(FULL)),
        "powertools": lambda: powertools.get(FULL, max_age=3600, transform="json"),
    }


def hits(stub: StubAws) -> None:
    """Compare reads of a value that is kept, by one thread and by eight."""
    manager = _manager()
    floor = Floor(manager.get_secret(PATH))
    with using(manager):
        found = medians(
            301,
            floor=_loops("floor.get(PATH)", floor=floor),
            hit=_loops("manager.get_secret(PATH)", manager=manager),
            made=_loops("SecretsManager().get_secret(PATH)", SecretsManager=SecretsManager),
        )
        found |= medians(
            21,
            floor_8=lambda: _in_threads(8, lambda: floor.get(PATH)),
            hit_8=lambda: _in_threads(8, lambda: manager.get_secret(PATH)),
            **{name: _loops("read()", read=read) for name, read in _others(stub).items()},
        )
    show("cached look-up (floor), ns", f"{found['floor'] / LOOPS * 1e9:.0f}")
    show("cached hit / floor", f"{found['hit'] / found['floor']:.2f}")
    show("SecretsManager().get_secret(...) / floor", f"{found['made'] / found['floor']:.2f}")
    show("cached hit, 8 threads / floor, 8 threads", f"{found['hit_8'] / found['floor_8']:.2f}")
    for name in ("aws_caching", "powertools"):
        show(f"cached hit of {name} / floor", f"{found[name] / found['floor']:.0f}")


def _in_threads(count: int, read: Callable[[], object]) -> None:
    threads = [threading.Thread(target=timeit.timeit, args=[read], kwargs={"number": 10 * LOOPS}) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def expired(stub: StubAws) -> None:
    """Show what 50 threads do on an entry that has expired, while AWS takes half a second to answer."""
    clock = Clock()
    manager = _manager(clock)
    manager.get_secret(PATH)
    clock.ahead, stub.delay = 3600, 0.5
    stub.calls.clear()
    barrier = threading.Barrier(50)

    def read(_: int) -> float:
        barrier.wait()
        began = time.perf_counter()
        manager.get_secret(PATH)
        return time.perf_counter() - began

    with ThreadPoolExecutor(50) as threads:
        took = list(threads.map(read, range(50)))
    time.sleep(1)
    stub.delay = 0
    show("requests of 50 threads on an expired entry", str(stub.calls.total()))
    show("of which waited for the answer (half a second)", str(sum(each > 0.4 for each in took)))


def away(stub: StubAws) -> None:
    """Compare reads of an expired entry while AWS is away with a hit."""
    clock = Clock()
    manager = _manager(clock)
    manager.get_secret(PATH)

    def read(seconds: float, *, waiting: float = 0) -> float:
        """Return the median read of two seconds after *seconds* more without AWS, *waiting* after the first read."""
        clock.ahead += seconds
        manager.get_secret(PATH)
        time.sleep(waiting)
        took, until = [], time.monotonic() + 2
        while time.monotonic() < until:
            began = time.perf_counter()
            manager.get_secret(PATH)
            took.append(time.perf_counter() - began)
        return statistics.median(took)

    hit = read(0)
    stub.status = 503
    show("read while AWS answers 503 / hit", f"{read(3600) / hit:.2f}")
    settle()  # its attempts may outlast the two seconds
    stub.status = 200
    stub.answering.clear()
    show("read while AWS hangs / hit", f"{read(3600) / hit:.2f}")
    show("read when AWS has been hanging for 16 s / hit", f"{read(0, waiting=14) / hit:.2f}")
    stub.answering.set()


def refused() -> None:
    """Compare reads while nobody listens at AWS's address with a hit."""
    with stub_aws({FULL: json.dumps(FIELDS)}) as stub, _environment(stub):
        clock = Clock()
        manager = _manager(clock)
        manager.get_secret(PATH)
        kept = _manager(Clock())
        kept.get_secret(PATH)
    clock.ahead = 3600
    manager.get_secret(PATH)
    found = medians(
        301,
        hit=_loops("manager.get_secret(PATH)", manager=kept),
        away=_loops("manager.get_secret(PATH)", manager=manager),
    )
    show("read while connections are refused / hit", f"{found['away'] / found['hit']:.2f}")


def missing(stub: StubAws) -> None:
    """Show how many requests 1,000 reads of a missing secret make."""
    manager = _manager()
    stub.calls.clear()
    for _ in range(1000):
        try:
            manager.get_secret("jwt/credentials", stage=VersionStage.CURRENT)
        except SecretNotFoundError:
            continue
    show("requests of 1,000 reads of a missing secret", str(stub.calls.total()))


def start_up(stub: StubAws) -> None:
    """Compare the start-up of a process that needs N secrets with a plain boto3 script, in processor time.

    Both find their modules compiled, as applications do: installed packages are, but the modules of this directory are
    not where PYTHONDONTWRITEBYTECODE is set, and compiling them takes longer than importing them.
    """
    with tempfile.TemporaryDirectory() as compiled:
        variables = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "ALEES_"))}
        variables |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": compiled}
        for count in (4, 20, 45):
            paths = [f"api/service{number}/key" for number in range(count)]
            stub.secrets |= {f"alees/prod/{path}": '{"api_key": "k", "api_secret": "s"}' for path in paths}
            ours = process(OURS.format(paths=paths), environment=variables)
            plain = process(PLAIN.format(names=[f"alees/prod/{path}" for path in paths]), environment=variables)
            own, base = processor_seconds(START_UP_PAIRS, ours, plain)
            ratios = [one / other for one, other in zip(own, base, strict=True)]
            stub.calls.clear()
            ours()
            show(f"requests at start-up with {count} secrets", str(stub.calls.total()))
            median = statistics.median(own) / statistics.median(base)
            show(f"start-up with {count} secrets / plain boto3 script", f"{median:.2f}")
            show("of which the quickest of each", f"{min(own) / min(base):.2f}")
            show("of which the smallest and the largest of a pair", f"{min(ratios):.2f} to {max(ratios):.2f}")


def _environment(stub: StubAws) -> Any:
    variables = {
        "AWS_ENDPOINT_URL": stub.url,
        "AWS_REGION": "eu-central-1",
        "AWS_SECRETS_PREFIX": "alees/prod/",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return mock.patch.dict(os.environ, variables)


def client() -> None:
    """Print all of it."""
    with stub_aws({FULL: json.dumps(FIELDS)}) as stub, _environment(stub):
        hits(stub)
        expired(stub)
        missing(stub)
        start_up(stub)
        away(stub)
    refused()


if __name__ == "__main__":
    client()
