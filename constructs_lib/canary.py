"""After each rotation, the rotation function verifies what it made; its failure is the alarm."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from constructs import Construct

SECRETS_A_RULE = 10
"""How many ARNs a rule's pattern names: it may have 2,048 characters, and an ARN here has at most 180
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html)."""


class Canary(Construct):
    """Invokes a rotation function when a rotation of one of its secrets has succeeded.

    Defines: an alias of the function, so that what happens to a failed invocation is set for the canary and not for the
        steps that Secrets Manager invokes; its asynchronous configuration: no second attempt, since the first may have
        moved a label, and a record of the failure on the account's default event bus; a rule for each ten secrets,
        which needs a trail.
    Grants: the rules to invoke the alias; the function's role to put events on that bus, which Lambda does for it.
    Leaves to the caller: an alert on the records, and the role's rights to the secret.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html

    Args:
        scope: Parent.
        construct_id: Literal id.
        function: The rotation function.
        secret_arns: The secrets that it rotates.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, function: lambda_.IFunction, secret_arns: Sequence[str]
    ) -> None:
        super().__init__(scope, construct_id)
        bus = events.EventBus.from_event_bus_name(self, "Bus", "default")
        alias = lambda_.Alias(
            self,
            "Alias",
            alias_name="canary",
            version=function.latest_version,
            retry_attempts=0,
            on_failure=destinations.EventBridgeDestination(bus),
        )
        for first in range(0, len(secret_arns), SECRETS_A_RULE):
            events.Rule(
                self,
                f"Rotated{first or ''}",
                description="A rotation succeeded: verify what it made",
                event_pattern=events.EventPattern(
                    source=["aws.secretsmanager"],
                    detail_type=["AWS Service Event via CloudTrail"],
                    detail={
                        "eventName": ["RotationSucceeded"],
                        "additionalEventData": {"SecretId": list(secret_arns[first : first + SECRETS_A_RULE])},
                    },
                ),
                targets=[targets.LambdaFunction(alias)],
            )
