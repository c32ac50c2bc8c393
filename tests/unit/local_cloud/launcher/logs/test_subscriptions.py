import pytest

from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import NOTHING, LocalAws

pytestmark = pytest.mark.servers


def _subscribe(own: LocalAws, trail: Trail, function: str, name: str, pattern: str = "") -> None:
    own.logs.put_subscription_filter(
        logGroupName=trail.group, filterName=name, filterPattern=pattern, destinationArn=function
    )


def _new_function(own: LocalAws, *, permission: bool = True) -> str:
    function = own.new_function({"silent.py": b"def handler(event, context): pass"}, "silent.handler", policy=NOTHING)
    if permission:
        own.functions.add_permission(
            FunctionName=function, StatementId="x", Action="lambda:InvokeFunction", Principal="logs.amazonaws.com"
        )
    return function


def test_subscription_is_refused_when_the_function_does_not_admit_logs(own: LocalAws, trail: Trail) -> None:
    with pytest.raises(own.logs.exceptions.InvalidParameterException, match="Could not execute the lambda function"):
        _subscribe(own, trail, _new_function(own, permission=False), "first")


def test_subscription_is_refused_when_its_pattern_is_not_understood(own: LocalAws, trail: Trail) -> None:
    with pytest.raises(own.logs.exceptions.InvalidParameterException, match="Invalid filter pattern"):
        _subscribe(own, trail, _new_function(own), "first", "{ $.a == }")


def test_third_subscription_is_refused_when_a_log_group_has_two(own: LocalAws, trail: Trail) -> None:
    function = _new_function(own)
    for name in ("first", "second", "second"):
        _subscribe(own, trail, function, name)
    with pytest.raises(own.logs.exceptions.LimitExceededException):
        _subscribe(own, trail, function, "third")
