"""Whether EventBridge or CloudWatch may publish to a topic; MiniStack does not ask.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html and
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

import json

from local_cloud.launcher.access.service_principals import admits
from local_cloud.launcher.emulator import emulated

_SERVICE = "events.amazonaws.com"
_DEFAULT_POLICY = "__default_policy_ID"
"""Id of the policy that a topic has until it is given one. In AWS it admits the account only."""


def may_publish(topic_arn: str, source_arn: str, service: str = _SERVICE) -> bool:
    """Tell whether the topic's policy and, if it is encrypted, its key's let a rule's events through, or an alarm's.

    EventBridge sends neither aws:SourceAccount nor aws:SourceArn to the key, so that a statement with such a
    condition admits nothing. To the topic it sends both. CloudWatch sends both to both.
    """
    topic = emulated("services.sns", "_topics").get(topic_arn)
    if topic is None:
        return False
    policy = json.loads(topic["attributes"].get("Policy") or "{}")
    keys = {"aws:sourcearn": source_arn, "aws:sourceaccount": emulated("core.responses", "get_account_id")()}
    if policy.get("Id") == _DEFAULT_POLICY or not admits(policy, service, "sns:Publish", topic_arn, keys):
        return False
    key_id = topic["attributes"].get("KmsMasterKeyId")
    return not key_id or _may_encrypt(key_id, service, {} if service == _SERVICE else keys)


def _may_encrypt(key_id: str, service: str, keys: dict[str, str]) -> bool:
    key = emulated("services.kms", "_resolve_key")(key_id)
    return key is not None and all(
        admits(key["Policy"], service, action, key["Arn"], keys) for action in ("kms:GenerateDataKey", "kms:Decrypt")
    )
