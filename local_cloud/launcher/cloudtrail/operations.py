"""Which calls CloudTrail records, under which names, and which of them only read.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html and
https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
"""

_DATA_EVENTS = {
    "dynamodb": {"DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"},
    "events": {"PutEvents"},
    "lambda": {"InvokeFunction"},
    "logs": {"FilterLogEvents", "GetLogEvents", "PutLogEvents"},
    "monitoring": {"GetMetricData", "PutMetricData"},
    "s3": {"ListBucket", "ListBucketMultipartUploads", "ListBucketVersions"},
    "sns": {"Publish", "PublishBatch"},
    "sqs": {
        "ChangeMessageVisibility",
        "DeleteMessage",
        "DeleteMessageBatch",
        "ReceiveMessage",
        "SendMessage",
        "SendMessageBatch",
    },
}
"""Service to calls about data, which a trail without data event selectors does not record."""

_EVENT_NAMES = {
    "lambda": {
        "AddPermission": "AddPermission20150331v2",
        "CreateFunction": "CreateFunction20150331",
        "DeleteFunction": "DeleteFunction20150331",
        "GetFunction": "GetFunction20150331v2",
        "ListFunctions": "ListFunctions20150331",
        "RemovePermission": "RemovePermission20150331v2",
        "UpdateFunctionCode": "UpdateFunctionCode20150331v2",
        "UpdateFunctionConfiguration": "UpdateFunctionConfiguration20150331v2",
    },
    "s3": {
        "GetEncryptionConfiguration": "GetBucketEncryption",
        "GetLifecycleConfiguration": "GetBucketLifecycle",
        "ListAllMyBuckets": "ListBuckets",
        "PutEncryptionConfiguration": "PutBucketEncryption",
        "PutLifecycleConfiguration": "PutBucketLifecycle",
    },
}
"""Service to the IAM actions that CloudTrail records under other names."""

_READING = (
    "AssumeRole",
    "BatchGet",
    "Check",
    "Describe",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Simulate",
    "Test",
    "Validate",
)
_READING_KEYS = {"Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncrypt"}

_GLOBAL_SERVICES = {"iam"}
_GLOBAL_REGION = "us-east-1"


def event_name(service: str, action: str, path: str) -> str | None:
    """Return the name of a call's event; None if it is about data and not about management.

    Args:
        service: MiniStack's name of the service, such as ``secretsmanager``.
        action: What IAM calls the operation, without its prefix.
        path: The request's. Below a bucket it names an object.
    """
    if action in _DATA_EVENTS.get(service, ()) or (service == "s3" and "/" in path.strip("/")):
        return None
    return _EVENT_NAMES.get(service, {}).get(action, action)


def is_read_only(name: str) -> bool:
    """Tell whether an event changes nothing. Taking a role and using a key count as reading, as they do in AWS."""
    return name.startswith(_READING) or name in _READING_KEYS


def event_region(service: str, region: str) -> str:
    """Return the region in which CloudTrail records a call; IAM's are all in us-east-1.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html (global service events)
    """
    return _GLOBAL_REGION if service in _GLOBAL_SERVICES else region
