"""Read metrics of the local AWS."""

from datetime import UTC, datetime

from tests.unit.local_cloud.local_aws import LocalAws

DAY = 86_400


def total(aws: LocalAws, namespace: str, name: str, **dimensions: str) -> float:
    """Return the sum of all values of a metric, whatever time the clock was moved to."""
    found = aws.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=datetime(2020, 1, 1, tzinfo=UTC),
        EndTime=datetime(2100, 1, 1, tzinfo=UTC),
        Period=DAY,
        Statistics=["Sum"],
    )
    return float(sum(point["Sum"] for point in found["Datapoints"]))
