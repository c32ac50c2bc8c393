"""Which events the alerting function hears of: narrow, since it judges the rest by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_events as events

_API_CALL = "AWS API Call via CloudTrail"
_SERVICE_EVENT = "AWS Service Event via CloudTrail"


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """What the events are about.

    Attributes:
        environment: Lower-case name of the environment, such as ``prod``.
        name_prefix: What the names of its secrets begin with.
        stack: Its stack of secrets, whose name the generated names of its functions, rules and alarms begin with.
    """

    environment: str
    name_prefix: str
    stack: Stack

    def patterns(self) -> Mapping[str, events.EventPattern]:
        """Return the patterns by the ids of their rules."""
        return {
            "Finding": _pattern(
                ["alees.secrets"],
                "Alees Secrets Finding",
                "Alees Secrets Heartbeat",
                detail={"environment": [self.environment]},
            ),
            "Rotation": _pattern(["aws.secretsmanager"], _SERVICE_EVENT, detail=self._rotation()),
            "Canary": _pattern(["lambda"], "Lambda Function Invocation Result - Failure", detail=self._canary()),
            "Alarm": _pattern(["aws.cloudwatch"], "CloudWatch Alarm State Change", detail=self._alarm()),
            "Secret": _pattern(["aws.secretsmanager"], _API_CALL, detail=self._secret()),
            "Key": _pattern(["aws.kms"], _API_CALL, detail=_KEY),
            "Trail": _pattern(["aws.cloudtrail", "aws.s3"], _API_CALL, detail=self._trail()),
            "Watching": _pattern(
                ["aws.events", "aws.lambda", "aws.logs", "aws.monitoring", "aws.sns"],
                _API_CALL,
                detail=self._watching(),
            ),
        }

    def _arn(self, service: str, kind: str) -> str:
        return f"arn:{self.stack.partition}:{service}:{self.stack.region}:{self.stack.account}:{kind}:"

    def _rotation(self) -> dict[str, Any]:
        return {
            "eventName": ["RotationFailed", "RotationAbandoned", "TestRotationFailed", "EndSecretVersionDelete"],
            "additionalEventData": {"SecretId": _prefixes(self._arn("secretsmanager", "secret") + self.name_prefix)},
        }

    def _canary(self) -> dict[str, Any]:
        functions = self._arn("lambda", "function") + self.stack.stack_name
        return {"requestContext": {"functionArn": _prefixes(f"{functions}-", f"{functions}Api")}}

    def _alarm(self) -> dict[str, Any]:
        return {"alarmName": _prefixes(f"{self.stack.stack_name}-"), "state": {"value": ["ALARM"]}}

    def _secret(self) -> dict[str, Any]:
        typed = _prefixes(self.name_prefix, self._arn("secretsmanager", "secret") + self.name_prefix)
        return {
            "eventName": [
                *("CancelRotateSecret", "DeleteResourcePolicy", "DeleteSecret", "PutResourcePolicy", "RotateSecret"),
                "UpdateSecret",
            ],
            "requestParameters": {"secretId": typed},
        }

    def _trail(self) -> dict[str, Any]:
        calls = ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"]
        bucket = {"bucketName": _prefixes(f"alees-trail-{self.stack.account}-")}
        return {"$or": [{"eventName": calls}, {"requestParameters": bucket}]}

    def _watching(self) -> dict[str, Any]:
        ours = _prefixes(f"{self.stack.stack_name}-", f"{self.stack.stack_name}Api")
        topic = [{"wildcard": f"arn:*:sns:*:{self.stack.stack_name}-Alerts*"}]
        parameters: list[dict[str, Any]] = [
            {"name": ours},
            {"rule": ours},
            {"alarmName": ours},
            {"alarmNames": ours},
            {"topicArn": topic},
            {"subscriptionArn": topic},
            {"functionName": [{"wildcard": f"*{self.stack.stack_name}*"}]},
        ]
        # Functions make log streams all the time, and whose the trail's log group is only the function knows.
        logs = [
            *("AssociateKmsKey", "DeleteLogGroup", "DeleteLogStream", "DeleteSubscriptionFilter"),
            *("DisassociateKmsKey", "PutRetentionPolicy", "PutSubscriptionFilter"),
        ]
        return {"$or": [{"eventName": logs}, *({"requestParameters": each} for each in parameters)]}


_KEY: dict[str, Any] = {
    "eventName": [
        *("CreateGrant", "DeleteAlias", "DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"),
        "UpdateAlias",
    ]
}


def _pattern(sources: list[str], *detail_types: str, detail: Mapping[str, Any]) -> events.EventPattern:
    return events.EventPattern(source=sources, detail_type=list(detail_types), detail=detail)


def _prefixes(*prefixes: str) -> list[dict[str, str]]:
    return [{"prefix": each} for each in prefixes]
