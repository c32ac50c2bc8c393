"""Trails: which are logging, and what AWS asks before it accepts one.

https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from local_cloud.launcher.cloudtrail.requirements import require_deliverable
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import Request, Response, refusing

Trail: TypeAlias = dict[str, Any]

_MODULE = "services.cloudtrail"
_LOG_GROUP_SETTINGS = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
_REFUSED = 400


def install_trails() -> None:
    """Make CreateTrail and UpdateTrail refuse what AWS would, and CreateTrail keep the log group."""
    operations = emulated(_MODULE, "_DISPATCH")
    for name in ("CreateTrail", "UpdateTrail"):
        operations[name] = refusing(_checked(operations[name]))


def _checked(handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        trails = emulated(_MODULE, "_trails")
        name = str(request.get("Name", "")).rpartition("/")[2]
        require_deliverable({**trails.get(name, {}), **request, "Name": name})
        status, headers, body = handler(request)
        if status < _REFUSED:
            trails[name].update({key: request[key] for key in _LOG_GROUP_SETTINGS if key in request})
        return status, headers, body

    return answer


def logging_trails(region: str) -> dict[str, Trail]:
    """Return the trails of the caller's account, by ARN, that get the events of a region now."""
    return {
        trail["TrailARN"]: trail
        for home_region, _, trail in emulated(_MODULE, "_account_trail_items")()
        if trail.get("IsLogging") and (trail.get("IsMultiRegionTrail") or home_region == region)
    }
