"""Where alerts go, and the first of them: a rotation that failed, and one whose result does not work."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct


class Alerts(Construct):
    """An encrypted topic for alerts.

    Defines: the topic, and on request rules that feed it.
    Grants: publishing to the rules' service.
    Leaves to the caller: the key's policy, which must admit EventBridge; subscriptions.
    """

    def __init__(self, scope: Construct, construct_id: str, *, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.topic: sns.ITopic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)

    def on_failed_rotation(self, secret_arns: str) -> None:
        """Alert when a rotation of secrets whose ARNs begin with *secret_arns* fails or is abandoned.

        Secrets Manager has no metric for it; CloudTrail passes its events on, so the account needs a trail
        (https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html).
        """
        events.Rule(
            self,
            "FailedRotation",
            description="A rotation failed or was abandoned",
            event_pattern=events.EventPattern(
                source=["aws.secretsmanager"],
                detail_type=["AWS Service Event via CloudTrail"],
                detail={
                    "eventName": ["RotationFailed", "RotationAbandoned", "TestRotationFailed"],
                    "additionalEventData": {"SecretId": [{"prefix": secret_arns}]},
                },
            ),
            targets=[targets.SnsTopic(self.topic)],
        )

    def on_failed_canary(self, *function_arns: str) -> None:
        """Alert when a canary of functions whose ARNs begin with one of *function_arns* fails, crashes or times out.

        Lambda puts a record of it on the default event bus
        (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
        """
        events.Rule(
            self,
            "FailedCanary",
            description="What a rotation made was refused, or could not be verified",
            event_pattern=events.EventPattern(
                source=["lambda"],
                detail_type=["Lambda Function Invocation Result - Failure"],
                detail={"requestContext": {"functionArn": [{"prefix": each} for each in function_arns]}},
            ),
            targets=[targets.SnsTopic(self.topic)],
        )
