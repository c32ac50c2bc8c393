"""Where alerts go: a topic, who hears of it, and a table in which repetitions are counted."""

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from config.subscriptions import AlertSubscription, EmailSubscription
from constructs_lib.accepted_findings import accept

_COUNTS = "It holds counts of a week, and alerts are sent without it too"


class Alerts(Construct):
    """An encrypted topic, to which one function publishes, and what the function hears of.

    Defines: the topic with its subscriptions, the table, and on request rules that invoke the function.
    Grants: to the function's role, publishing and counting; to the rules, invoking the function.
    Leaves to the caller: the key's policy, which must admit the role through SNS and DynamoDB; the function.

    Args:
        scope: Parent.
        construct_id: Literal id.
        key: Encrypts what waits to be delivered, and the table.
        subscribed: Who is told.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, key: kms.IKey, subscribed: Sequence[AlertSubscription]
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        self.topic: sns.ITopic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        for each in subscribed:
            self.topic.add_subscription(_subscription(each))
        self.table: dynamodb.ITable = dynamodb.Table(
            self,
            "Told",
            partition_key=dynamodb.Attribute(name="alert", type=dynamodb.AttributeType.STRING),
            time_to_live_attribute="expires",
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        accept(
            self.table,
            {"AwsSolutions-DDB3": _COUNTS, "DynamoDBPITREnabled": _COUNTS, "DynamoDBInBackupPlan": _COUNTS},
        )

    def publish_by(self, function: lambda_.IFunction, patterns: Mapping[str, events.EventPattern]) -> None:
        """Let *function* publish to the topic, and hear of events.

        An event that it fails to tell three times goes to the topic as it is: unread is worse than unwritten.

        Args:
            function: The alerting function.
            patterns: The events, by the ids of their rules.
        """
        # Without its key, of which the CDK would grant more than the role needs.
        unread = sns.Topic.from_topic_arn(self, "Unread", self.topic.topic_arn)
        function.configure_async_invoke(retry_attempts=2, on_failure=destinations.SnsDestination(unread))
        for rule_id, pattern in patterns.items():
            events.Rule(
                self,
                rule_id,
                description="Something that somebody may have to be told of",
                event_pattern=pattern,
                targets=[targets.LambdaFunction(function)],
            )

    def grant_count(self, grantee: iam.IGrantable) -> None:
        """Let *grantee* count in the table, and use the key that encrypts table and topic."""
        self.table.grant(grantee, "dynamodb:UpdateItem")
        region = Stack.of(self).region
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resource_arns=[self._key.key_arn],
            conditions={
                "StringEquals": {"kms:ViaService": [f"{each}.{region}.amazonaws.com" for each in ("dynamodb", "sns")]}
            },
        )


def _subscription(declared: AlertSubscription) -> sns.ITopicSubscription:
    if isinstance(declared, EmailSubscription):
        return subscriptions.EmailSubscription(declared.endpoint)
    return subscriptions.UrlSubscription(declared.endpoint, protocol=sns.SubscriptionProtocol.HTTPS)
