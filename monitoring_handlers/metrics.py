"""Counts that CloudWatch makes metrics of, because they stand in a log line (embedded metric format).

Each metric costs money, so there are few, and all have the one dimension ``environment``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import time
from collections.abc import Mapping

NAMESPACE = "AleesSecrets"


def embedded_metrics(environment: str, counts: Mapping[str, int]) -> dict[str, object]:
    """Return the members that make a log line carry *counts* for an environment, such as ``prod``."""
    metrics = [{"Name": name, "Unit": "Count"} for name in counts]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["environment"]], "Metrics": metrics}
    stamp = {"Timestamp": round(time.time() * 1000), "CloudWatchMetrics": [directive]}
    return {"environment": environment, **counts, "_aws": stamp}
