"""Types that the local AWS accepts and does nothing with; local_cloud/recorded.py says what cannot be seen for it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-querydefinition.html and
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

import uuid
from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, Properties, add_type, wrap_handler

QUERY = "AWS::Logs::QueryDefinition"
ALARM = "AWS::CloudWatch::Alarm"


def install_recorded_types() -> None:
    """Accept saved queries, and alarms on computed metrics, which MiniStack refuses with their whole stack.

    Alarms on bands, which ``install_band_alarm`` makes, do not come here.
    """
    add_type(QUERY, create=_create, update=_keep, delete=_forget, replacing=())
    wrap_handler(ALARM, "create", lambda create: _unless_computed(create, _create, properties_at=1))
    wrap_handler(ALARM, "update", lambda update: _unless_computed(update, _keep, properties_at=2))


def _create(logical_id: str, _properties: Properties, stack: str) -> Created:
    name = f"{stack}-{logical_id}-{uuid.uuid4().hex[:12].upper()}"
    return name, {"Arn": name, "QueryDefinitionId": name}


def _keep(physical_id: str, _old: Properties, _new: Properties, _stack: str) -> Created:
    return physical_id, {"Arn": physical_id, "QueryDefinitionId": physical_id}


def _forget(_physical_id: str, _properties: Properties) -> None:
    return None


def _unless_computed(
    handler: Callable[..., Created], recorded: Callable[..., Created], *, properties_at: int
) -> Callable[..., Created]:
    def handle(*arguments: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        computed = arguments[properties_at].get("Metrics")
        return recorded(*arguments[:4]) if computed else handler(*arguments)

    return handle
