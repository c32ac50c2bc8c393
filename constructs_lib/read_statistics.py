"""How much is read: an alarm when it is unusual, and a saved query that tells by whom and what."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.accepted_findings import accept
from constructs_lib.environment_metric import environment_metric

BAND_WIDTH = 4
"""Standard deviations: a deployment or a restart stays within the band, or leaves it for less than an hour."""


class ReadStatistics(Construct):
    """Statistics of the reads of one environment.

    Defines: an alarm on the number of reads in an hour, above what CloudWatch has learned for that hour of the week, in
        two of three hours; a saved query of CloudWatch Logs Insights, which costs nothing until it is run, where a
        metric for each secret would cost 0.30 dollars a month each.
    Grants: nothing.
    Leaves to the caller: what publishes the metric ``Reads``; hearing of the alarm, by EventBridge.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html

    Args:
        scope: Parent.
        construct_id: Literal id.
        environment: Lower-case name, such as ``prod``.
        prefix: What the names of its secrets begin with.
        trail_log_group: Name of the trail's log group.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: str, prefix: str, trail_log_group: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.alarm = cloudwatch.AnomalyDetectionAlarm(
            self,
            "ReadsUnusual",
            alarm_description="reads-unusual: many more secrets are read than usual at this hour",
            metric=environment_metric(environment, "Reads").with_(period=Duration.hours(1)),
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
            std_devs=BAND_WIDTH,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        accept(self.alarm, {"CloudWatchAlarmAction": "EventBridge passes its changes of state on to alerting"})
        logs.CfnQueryDefinition(
            self,
            "ReadsByPath",
            name=f"alees/{environment}/reads by secret and reader",
            log_group_names=[trail_log_group],
            query_string=_query(prefix),
        )


def _query(prefix: str) -> str:
    """Return the query: what was read how often, by whom, and how often in vain."""
    return "\n".join(
        (
            "fields coalesce(requestParameters.secretId, errorMessage) as secret,",
            "  coalesce(userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn) as reader",
            '| filter eventSource = "secretsmanager.amazonaws.com" and eventName = "GetSecretValue"',
            f'| filter secret like "{prefix}"',
            '| stats count(*) as reads, sum(strcontains(errorCode, "AccessDenied")) as denied by secret, reader',
            "| sort reads desc",
        )
    )
