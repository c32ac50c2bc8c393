"""AWS::CloudTrail::Trail.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html
"""

import json
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, Properties, add_type, is_true
from local_cloud.launcher.emulator import emulated

TYPE = "AWS::CloudTrail::Trail"

_MODULE = "services.cloudtrail"
_REFUSED = 400
_TEXTS = {
    "S3BucketName": "S3BucketName",
    "S3KeyPrefix": "S3KeyPrefix",
    "KMSKeyId": "KmsKeyId",
    "CloudWatchLogsLogGroupArn": "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
}
_SWITCHES = ("EnableLogFileValidation", "IncludeGlobalServiceEvents", "IsMultiRegionTrail")
_SUPPORTED = {"TrailName", "IsLogging", "Tags", *_TEXTS, *_SWITCHES}


def install_trail() -> None:
    """Add the type."""
    add_type(TYPE, create=_create, update=_update, delete=_delete, replacing=("TrailName",))


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    unsupported = sorted(properties.keys() - _SUPPORTED)
    if unsupported or not properties.get("TrailName"):
        raise ValueError(
            f"{TYPE}: the local AWS needs TrailName and supports {', '.join(sorted(_SUPPORTED))}; got {unsupported}"
        )
    _call("CreateTrail", _request(properties))
    return _apply(properties)


def _update(_physical_id: str, _old: Properties, new: Properties, _stack: str) -> Created:
    _call("UpdateTrail", _request(new))
    return _apply(new)


def _apply(properties: Properties) -> Created:
    """Start or stop the trail, and give it its tags."""
    name = properties["TrailName"]
    logging = is_true(properties.get("IsLogging"))
    _call("StartLogging" if logging else "StopLogging", {"Name": name})
    arn = _call("GetTrail", {"Name": name})["Trail"]["TrailARN"]
    emulated(_MODULE, "_trail_tags")[arn] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    return name, {"Arn": arn}


def _request(properties: Properties) -> dict[str, Any]:
    texts = {parameter: properties.get(key, "") for key, parameter in _TEXTS.items()}
    switches = {key: is_true(properties.get(key, key == "IncludeGlobalServiceEvents")) for key in _SWITCHES}
    return {"Name": properties["TrailName"], **texts, **switches}


def _call(operation: str, request: dict[str, Any]) -> dict[str, Any]:
    status, _, body = emulated(_MODULE, "_DISPATCH")[operation](request)
    answer: dict[str, Any] = json.loads(body)
    if status >= _REFUSED:
        raise ValueError(f"{TYPE}: {answer['message']} ({answer['__type']})")
    return answer


def _delete(name: str, _properties: Properties) -> None:
    emulated(_MODULE, "_DISPATCH")["DeleteTrail"]({"Name": name})
