"""Metrics, by the time of the clock that tests move."""

from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated, replace, wrap

_MODULE = "services.cloudwatch"


def install_metrics() -> None:
    """Have every metric recorded by that clock, whether a service makes it or PutMetricData."""
    replace(_MODULE, "record_metric", record)
    wrap(_MODULE, "_store_datum", _by_the_clock)


def _by_the_clock(store: Callable[..., None]) -> Callable[..., None]:
    def put(namespace: str, name: str, dimensions: Mapping[str, str], stamp: float, *rest: Any) -> None:  # noqa: ANN401 - MiniStack is untyped
        store(namespace, name, dimensions, stamp + CLOCK.ahead, *rest)

    return put


def record(
    namespace: str, name: str, value: float, unit: str = "None", dimensions: Mapping[str, str] | None = None
) -> None:
    """Record a value of a metric in the current account and region, now."""
    found = dict(dimensions or {})
    point = {"Timestamp": CLOCK.now(), "Value": float(value), "Unit": unit, "Dimensions": found}
    emulated(_MODULE, "_metric_bucket")((namespace, name, emulated(_MODULE, "_dims_key")(found))).append(point)
