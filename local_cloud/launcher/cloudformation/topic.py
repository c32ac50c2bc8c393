"""The key of AWS::SNS::Topic, which MiniStack drops.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, wrap_handler
from local_cloud.launcher.emulator import emulated

TYPE = "AWS::SNS::Topic"
_KEY = "KmsMasterKeyId"


def install_topic() -> None:
    """Keep the key of topics."""
    wrap_handler(TYPE, "create", lambda create: _keyed(create, properties_at=1))
    wrap_handler(TYPE, "update", lambda update: _keyed(update, properties_at=2))


def _keyed(handler: Callable[..., Created], *, properties_at: int) -> Callable[..., Created]:
    def handle(*arguments: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        arn, attributes = handler(*arguments)
        topic = emulated("services.sns", "_topics")[arn]
        topic["attributes"].pop(_KEY, None)
        if key := arguments[properties_at].get(_KEY):
            topic["attributes"][_KEY] = key
        return arn, attributes

    return handle
