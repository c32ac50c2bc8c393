"""Where applications hear that a secret has another value."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

LABELS = ("AWSCURRENT", "alees-revoked")
"""Labels whose move an application must hear of: another value is in use, or one must not be used any more."""


class SecretUpdates(Construct):
    """An encrypted topic that gets ``Secret Label Updated`` of an environment's secrets.

    Secrets Manager sends the event by itself, without a trail; it names secret, label and version, and has no value
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html).

    Defines: the topic, under a fixed name, since applications' own stacks subscribe to it; the rule that feeds it.
    Grants: publishing to the rule's service.
    Leaves to the caller: the key's policy, which must admit EventBridge; subscriptions. Nobody is granted to subscribe
        here: whoever deploys an application subscribes its queue, and the queue's policy admits the topic.

    Args:
        scope: Parent.
        construct_id: Literal id.
        topic_name: Name.
        name_prefix: What the names of the environment's secrets begin with.
        key: Encrypts what waits to be delivered.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, topic_name: str, name_prefix: str, key: kms.IKey
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic: sns.ITopic = sns.Topic(self, "Topic", topic_name=topic_name, master_key=key, enforce_ssl=True)
        events.Rule(
            self,
            "Updated",
            description="A secret has another value, or one was revoked: tell applications",
            event_pattern=label_updates(name_prefix),
            targets=[targets.SnsTopic(self.topic)],
        )


def label_updates(name_prefix: str) -> events.EventPattern:
    """Return the pattern of the events after which applications must read secrets again."""
    return events.EventPattern(
        source=["aws.secretsmanager"],
        detail_type=["Secret Label Updated"],
        detail={"name": [{"prefix": name_prefix}], "labelUpdated": list(LABELS)},
    )
