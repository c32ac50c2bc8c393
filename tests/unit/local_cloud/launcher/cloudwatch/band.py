"""An alarm on a band, as templates have it."""

from typing import Any

HOUR = 3600


def on_band(**properties: Any) -> dict[str, Any]:
    """An alarm on two of three hours with more runs than so far and four standard deviations."""
    runs = {"Namespace": "Own", "MetricName": "Runs", "Dimensions": [{"Name": "environment", "Value": "test"}]}
    return {
        "AlarmDescription": "runs-unusual: much runs",
        "ComparisonOperator": "GreaterThanUpperThreshold",
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "Metrics": [
            {"Id": "band", "Expression": "ANOMALY_DETECTION_BAND(m0, 4)", "Label": "usual", "ReturnData": True},
            {"Id": "m0", "MetricStat": {"Metric": runs, "Period": HOUR, "Stat": "Sum"}, "ReturnData": True},
        ],
        "ThresholdMetricId": "band",
        "TreatMissingData": "notBreaching",
        **properties,
    }
