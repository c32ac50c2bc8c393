"""Events as AWS sends them, in the shapes that its documentation shows."""

from typing import Any

ACCOUNT, REGION = "111122223333", "eu-central-1"
AT = "2026-11-25T03:14:07Z"
KEY_ID, TRAIL_KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab", "99999999-12ab-34cd-56ef-1234567890ab"
DATABASE = "alees/prod/database/credentials"
DATABASE_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{DATABASE}-AbCd12"
FUNCTION = "AleesSecretsProd-DatabaseRotationFunctionB8FA6A6F-Kq1x"
WATCHER = "AleesSecretsProd-AlertsFunction9A2F-Zx9"
ALARM = "AleesSecretsProd-AlarmsHealthSilent12AB-Q"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:AleesSecretsProd-AlertsTopic2720D535-2b9X"

JANE = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:jane",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Administrator/jane",
    "accountId": ACCOUNT,
    "sessionContext": {"sessionIssuer": {"type": "Role", "userName": "Administrator"}},
}
_EXECUTION = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
CLOUDFORMATION = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:AWSCloudFormation",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{_EXECUTION}/AWSCloudFormation",
    "accountId": ACCOUNT,
    "sessionContext": {"sessionIssuer": {"type": "Role", "userName": _EXECUTION}},
    "invokedBy": "cloudformation.amazonaws.com",
}


def event(source: str, detail_type: str, detail: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Return an event of EventBridge's."""
    envelope = {"version": "0", "id": "7bf73129-1428-4cd3-a780-95db273d1602", "account": ACCOUNT, "region": REGION}
    return {
        **envelope,
        "source": source,
        "detail-type": detail_type,
        "time": AT,
        "resources": [],
        "detail": detail,
        **other,
    }


def api_call(
    service: str,
    name: str,
    parameters: dict[str, Any] | None,
    *,
    identity: dict[str, Any] | None = None,
    **other: Any,
) -> dict[str, Any]:
    """Return a call of an API as CloudTrail tells EventBridge of it."""
    detail = {
        "eventVersion": "1.11",
        "userIdentity": identity or JANE,
        "eventTime": AT,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2.31.0",
        "requestParameters": parameters,
        "responseElements": None,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        **other,
    }
    return event(f"aws.{service}", "AWS API Call via CloudTrail", detail)


def service_event(name: str, secret: str = DATABASE_ARN) -> dict[str, Any]:
    """Return an event that Secrets Manager sends by itself."""
    detail = {
        "eventVersion": "1.11",
        "userIdentity": {"accountId": ACCOUNT, "invokedBy": "secretsmanager.amazonaws.com"},
        "eventTime": AT,
        "eventSource": "secretsmanager.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "additionalEventData": {"SecretId": secret},
        "requestParameters": None,
        "recipientAccountId": ACCOUNT,
        "eventType": "AwsServiceEvent",
    }
    return event("aws.secretsmanager", "AWS Service Event via CloudTrail", detail)


def _told(cause: str) -> str:
    """Return what a rotation function tells of a failure."""
    return f"{cause}: version 12345678 was refused 3 times; see docs/runbooks/rotation.md#{cause}"


def failed_canary(
    message: str, *, error_type: str = "RotationStepFailed", function: str = FUNCTION, secret: str = DATABASE_ARN
) -> dict[str, Any]:
    """Return Lambda's record of a canary that failed."""
    detail = {
        "version": "1.0",
        "timestamp": AT,
        "requestContext": {
            "requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
            "functionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:canary",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 1,
        },
        "requestPayload": service_event("RotationSucceeded", secret),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": message, "errorType": error_type},
    }
    return event("lambda", "Lambda Function Invocation Result - Failure", detail)


def alarm(*, name: str = ALARM, state: str = "ALARM", description: str = "health-silent: no health") -> dict[str, Any]:
    """Return an alarm's change of state."""
    detail = {
        "alarmName": name,
        "configuration": {"description": description, "metrics": []},
        "previousState": {"value": "OK", "timestamp": "2026-11-25T02:14:07.985+0000"},
        "state": {
            "value": state,
            "reason": "no datapoints were received for 2 periods",
            "timestamp": "2026-11-25T03:14:07.985+0000",
        },
    }
    return event("aws.cloudwatch", "CloudWatch Alarm State Change", detail)


def key_call(name: str, key_id: str = KEY_ID, **parameters: Any) -> dict[str, Any]:
    """Return a call about a key."""
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key_id}"
    return api_call("kms", name, {"keyId": key_id, **parameters}, resources=[{"ARN": arn, "type": "AWS::KMS::Key"}])


RAISING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("rotation-failed", DATABASE, service_event("RotationFailed")),
    ("rotation-abandoned", DATABASE, service_event("RotationAbandoned")),
    ("rotation-test-failed", DATABASE, service_event("TestRotationFailed")),
    ("canary-rolled-back", DATABASE, failed_canary(_told("canary-rolled-back"))),
    ("canary-failed", DATABASE, failed_canary(_told("canary-refused"))),
    ("canary-failed", DATABASE, failed_canary(_told("canary-unsure"))),
    ("canary-failed", DATABASE, failed_canary("Task timed out", error_type="Sandbox.Timedout")),
    ("secret-deleted", DATABASE, api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE})),
    ("secret-deleted", DATABASE, api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE_ARN})),
    ("secret-deleted", DATABASE, api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE_ARN[:-7]})),
    (
        "secret-deleted",
        DATABASE,
        api_call("secretsmanager", "DeleteSecret", {"secretId": DATABASE}, identity=CLOUDFORMATION),
    ),
    ("version-deleted", DATABASE, service_event("EndSecretVersionDelete")),
    ("policy-changed", DATABASE, api_call("secretsmanager", "PutResourcePolicy", {"secretId": DATABASE_ARN})),
    ("policy-changed", DATABASE, api_call("secretsmanager", "DeleteResourcePolicy", {"secretId": DATABASE})),
    (
        "policy-changed",
        DATABASE,
        api_call("secretsmanager", "UpdateSecret", {"secretId": DATABASE, "kmsKeyId": "alias/other"}),
    ),
    ("key-policy-changed", "alias/alees/prod/database", key_call("PutKeyPolicy", policyName="default")),
    ("key-policy-changed", "alias/alees/prod/database", key_call("CreateGrant", granteePrincipal="stranger")),
    (
        "key-policy-changed",
        "alias/alees/prod/database",
        api_call(
            "kms",
            "DeleteAlias",
            {"aliasName": "alias/alees/prod/database"},
            resources=[
                {"ARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/alees/prod/database"},
                {"ARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}"},
            ],
        ),
    ),
    ("key-disabled", "alias/alees/prod/database", key_call("DisableKey")),
    ("key-disabled", "alias/alees/trail", key_call("DisableKey", TRAIL_KEY_ID)),
    ("key-deletion-scheduled", "alias/alees/prod/database", key_call("ScheduleKeyDeletion", pendingWindowInDays=7)),
    ("trail-changed", "alees-secrets", api_call("cloudtrail", "StopLogging", {"name": "alees-secrets"})),
    (
        "trail-changed",
        "alees-secrets",
        api_call(
            "cloudtrail",
            "StopLogging",
            {"name": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/alees-secrets"},
            identity=CLOUDFORMATION,
        ),
    ),
    ("trail-changed", "alees-secrets", api_call("cloudtrail", "PutEventSelectors", {"trailName": "alees-secrets"})),
    (
        "trail-changed",
        f"alees-trail-{ACCOUNT}-{REGION}",
        api_call("s3", "PutBucketPolicy", {"bucketName": f"alees-trail-{ACCOUNT}-{REGION}"}),
    ),
    ("watching-changed", ALARM, api_call("monitoring", "DeleteAlarms", {"alarmNames": ["other", ALARM]})),
    *(
        (
            "trail-changed",
            f"alees-trail-{ACCOUNT}-{REGION}",
            api_call("s3", name, {"bucketName": f"alees-trail-{ACCOUNT}-{REGION}"}),
        )
        for name in (
            "DeleteBucketEncryption",
            "DeleteBucketLifecycle",
            "DeleteBucketPublicAccessBlock",
            "DeleteBucketReplication",
            "PutBucketAcl",
            "PutBucketPublicAccessBlock",
            "PutBucketReplication",
        )
    ),
    ("watching-changed", ALARM, api_call("monitoring", "PutMetricAlarm", {"alarmName": ALARM})),
    ("watching-changed", ALARM, api_call("monitoring", "SetAlarmState", {"alarmName": ALARM, "stateValue": "OK"})),
    (
        "watching-changed",
        "/alees/trail",
        api_call("logs", "AssociateKmsKey", {"logGroupName": "/alees/trail", "kmsKeyId": "another"}),
    ),
    (
        "watching-changed",
        "AleesSecretsProd-AlertsRule",
        api_call("events", "DisableRule", {"name": "AleesSecretsProd-AlertsRule"}),
    ),
    (
        "watching-changed",
        "AleesSecretsProd-AlertsRule",
        api_call("events", "RemoveTargets", {"rule": "AleesSecretsProd-AlertsRule", "ids": ["Target0"]}),
    ),
    (
        "watching-changed",
        TOPIC.rpartition(":")[2],
        api_call("sns", "Unsubscribe", {"subscriptionArn": f"{TOPIC}:1f2a"}),
    ),
    ("watching-changed", TOPIC.rpartition(":")[2], api_call("sns", "Subscribe", {"topicArn": TOPIC})),
    (
        "watching-changed",
        "/alees/trail",
        api_call("logs", "DeleteSubscriptionFilter", {"logGroupName": "/alees/trail"}),
    ),
    (
        "watching-changed",
        WATCHER,
        api_call("lambda", "UpdateFunctionConfiguration20150331v2", {"functionName": WATCHER}),
    ),
    (
        "rotation-changed",
        FUNCTION,
        api_call(
            "lambda",
            "UpdateFunctionCode20150331v2",
            {"functionName": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION}:canary"},
        ),
    ),
    ("rotation-changed", FUNCTION, api_call("lambda", "AddPermission20150331v2", {"functionName": FUNCTION})),
    (
        "rotation-changed",
        DATABASE,
        api_call("secretsmanager", "RotateSecret", {"secretId": DATABASE, "rotationRules": {"duration": "3h"}}),
    ),
    (
        "rotation-off",
        DATABASE,
        api_call("secretsmanager", "CancelRotateSecret", {"secretId": DATABASE}, identity=CLOUDFORMATION),
    ),
)
"""Alert, what it is about, and an event that raises it."""
