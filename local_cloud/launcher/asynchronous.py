"""How Lambda invokes a function for EventBridge, and what it tells of one that failed.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html and
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import json
import logging
import time
import uuid
from typing import Any

from local_cloud.launcher.access.roles import role_may
from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.cloudtrail.identity import time_text
from local_cloud.launcher.emulator import emulated, replace
from local_cloud.launcher.eventbridge import dispatch
from local_cloud.launcher.secretsmanager.invocation import retry_delays

_LOGGER = logging.getLogger(__name__)
_LAMBDA = "services.lambda_svc"
_BUS = ":event-bus/"


def install_asynchronous_invocation() -> None:
    """Invoke for EventBridge as Lambda does; MiniStack invokes once, and forgets a failure."""
    replace("services.eventbridge", "_dispatch_to_lambda", _invoke_in_background)


def _invoke_in_background(function_arn: str, payload: str) -> None:
    emulated("core.concurrency", "spawn_background")(invoke, function_arn, payload, thread_name="asynchronous")


def invoke(function_arn: str, payload: str) -> None:
    """Invoke a function until it succeeds or has no attempt left, and send the record of a failure.

    Called in the scope of the account and region that the record goes to.
    """
    function, config, _ = emulated(_LAMBDA, "_get_func_record_for_ref")(function_arn)
    settings = _settings(function, function_arn)
    event = json.loads(payload)
    delays = (0.0, *retry_delays())[: 1 + int(settings.get("MaximumRetryAttempts", 2))]
    result: dict[str, Any] = {}
    for delay in delays:
        time.sleep(delay)
        record = emulated(_LAMBDA, "_execution_record_for_config")(function, config)
        result = emulated(_LAMBDA, "_execute_function_with_config_scope")(record, event)
        if not result.get("error"):
            return
    destination = settings.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
    if not destination:
        return
    action = "events:PutEvents" if _BUS in destination else "sns:Publish"
    if not role_may(config["Role"], action, destination):
        _LOGGER.warning("%s: its role may not %s on %s; nobody hears of the failure", function_arn, action, destination)
        return
    record = _record(function_arn, event, result, attempts=len(delays))
    if _BUS in destination:
        _send(destination, function_arn, record)
    else:
        emulated("services.eventbridge", "_dispatch_to_sns")(destination, json.dumps(record))


def _settings(function: dict[str, Any], function_arn: str) -> dict[str, Any]:
    """Return the configuration of asynchronous invocation of the alias or version that the ARN names."""
    qualifier = function_arn.partition(":function:")[2].partition(":")[2]
    configurations: dict[str, dict[str, Any]] = function.get("event_invoke_configs") or {}
    return configurations.get(qualifier or "$LATEST") or configurations.get(qualifier) or {}


def _record(function_arn: str, event: object, result: dict[str, Any], *, attempts: int) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": time_text(CLOCK.now()),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": function_arn,
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": result.get("body"),
    }


def _send(bus_arn: str, function_arn: str, record: dict[str, Any]) -> None:
    dispatch(
        {
            "EventId": str(uuid.uuid4()),
            "Source": "lambda",
            "DetailType": "Lambda Function Invocation Result - Failure",
            "Detail": json.dumps(record),
            "EventBusName": bus_arn.partition(_BUS)[2],
            "Time": record["timestamp"],
            "Resources": [bus_arn, function_arn],
            "Account": emulated("core.responses", "get_account_id")(),
            "Region": emulated("core.responses", "get_region")(),
        }
    )
