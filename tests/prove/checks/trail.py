"""The account's trail."""

import time

from tests.prove.checks.check import Seen, seen
from tests.prove.sandbox import Sandbox

_DELIVERY_MINUTES = 20
_ERRORS = ("LatestDeliveryError", "LatestCloudWatchLogsDeliveryError", "LatestDigestDeliveryError")


def trail_delivers(sandbox: Sandbox) -> Seen:
    """Wait until the trail's log group has a rotation, and look for errors of its deliveries."""
    account = sandbox.stacks[0]
    (log_group,) = sandbox.made(account, "AWS::Logs::LogGroup")
    (trail,) = sandbox.made(account, "AWS::CloudTrail::Trail")
    pages = sandbox.client("logs", account.region).get_paginator("filter_log_events")
    since = int((time.time() - 7200) * 1000)

    def delivered() -> bool:
        found = pages.paginate(logGroupName=log_group, startTime=since, filterPattern="RotateSecret")
        return any(page["events"] for page in found)

    done = sandbox.wait_for(delivered, _DELIVERY_MINUTES)
    status = sandbox.client("cloudtrail", account.region).get_trail_status(Name=trail)
    errors = [f"{name} {status[name]}" for name in _ERRORS if status.get(name)]
    told = "RotateSecret is in the log group" if done else f"no RotateSecret after {_DELIVERY_MINUTES} minutes"
    logging = "logging" if status["IsLogging"] else "not logging"
    return seen(", ".join([logging, told, *errors]), as_expected=done and status["IsLogging"] and not errors)
