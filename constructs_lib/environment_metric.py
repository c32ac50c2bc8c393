"""The metrics that an environment's functions make by their log lines."""

from aws_cdk import aws_cloudwatch as cloudwatch

NAMESPACE = "AleesSecrets"


def environment_metric(environment: str, name: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """Return a metric of an environment, such as ``prod``, over CloudWatch's usual five minutes."""
    return cloudwatch.Metric(
        namespace=NAMESPACE, metric_name=name, dimensions_map={"environment": environment}, statistic=statistic
    )
