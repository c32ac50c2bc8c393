"""Counts that CloudWatch makes metrics of, because they stand in a log line (embedded metric format).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import time
from collections.abc import Mapping

NAMESPACE = "AleesSecrets"


def embedded_metrics(counts: Mapping[str, int]) -> dict[str, object]:
    """Return the members that make a log line carry *counts*, by the line's ``secret``; none for no counts."""
    if not counts:
        return {}
    metrics = [{"Name": name, "Unit": "Count"} for name in counts]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["secret"]], "Metrics": metrics}
    return {**counts, "_aws": {"Timestamp": round(time.time() * 1000), "CloudWatchMetrics": [directive]}}
