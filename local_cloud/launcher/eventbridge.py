"""Which rules hear of an event, and which targets they may reach.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
"""

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.cloudtrail.identity import time_text
from local_cloud.launcher.emulator import emulated, replace
from local_cloud.launcher.functions import may_invoke
from local_cloud.launcher.topics import may_publish

_LOGGER = logging.getLogger(__name__)
_MODULE = "services.eventbridge"
_ALL_MANAGEMENT_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_ASKED: dict[str, Callable[[str, str], bool]] = {"sns": may_publish, "lambda": may_invoke}


def install_eventbridge() -> None:
    """Let rules be enabled for all management events, which MiniStack takes for disabled, and reach nothing closed."""
    replace(_MODULE, "_dispatch_event", dispatch)


def new_event(source: str, detail_type: str, detail: Mapping[str, Any], resource: str) -> dict[str, Any]:
    """Return an event of now on the default bus of the current account and region, as ``dispatch`` takes one."""
    return {
        "EventId": str(uuid.uuid4()),
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail),
        "EventBusName": "default",
        "Time": time_text(CLOCK.now()),
        "Resources": [resource],
        "Account": emulated("core.responses", "get_account_id")(),
        "Region": emulated("core.responses", "get_region")(),
    }


def dispatch(event: dict[str, Any], view: Any = None, *, read_only: bool = False) -> None:  # noqa: ANN401 - MiniStack is untyped
    """Pass an event to the targets of the rules of its bus that match.

    Args:
        event: As MiniStack keeps it: EventId, Source, DetailType, Detail and more.
        view: MiniStack's view of the event, when the caller has it already.
        read_only: It is CloudTrail's of a call that changed nothing: only for rules that ask for all.
    """
    bus, path = event.get("EventBusName", "default"), event.get("_DispatchPath") or []
    states = {_ALL_MANAGEMENT_EVENTS} if read_only else {_ALL_MANAGEMENT_EVENTS, "ENABLED"}
    view = view or emulated(_MODULE, "_pattern_event_view")(event)
    matches = emulated(_MODULE, "_matches_pattern_view")
    for key, rule in list(emulated(_MODULE, "_rules").items()):
        hears = rule.get("EventBusName", "default") == bus and rule.get("State") in states and key not in path
        if hears and rule.get("EventPattern") and matches(rule["EventPattern"], view, f"rule {key}"):
            for target in emulated(_MODULE, "_targets").get(key, []):
                if _may_reach(target["Arn"], rule["Arn"]):
                    emulated(_MODULE, "_invoke_target")(target, event, rule, view)


def _may_reach(target_arn: str, rule_arn: str) -> bool:
    """Tell whether a rule may deliver to a target. Only topics and functions are asked here."""
    ask = _ASKED.get(target_arn.split(":")[2])
    if ask is None or ask(target_arn, rule_arn):
        return True
    _LOGGER.warning("%s delivers nothing: the policies of %s or of its key do not admit it", rule_arn, target_arn)
    return False
