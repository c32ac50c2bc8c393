"""What MiniStack drops of AWS::S3::Bucket.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from xml.etree.ElementTree import Element, SubElement, tostring

from local_cloud.launcher.cloudformation.resource_types import (
    Create,
    Created,
    Properties,
    Update,
    is_true,
    wrap_handler,
)
from local_cloud.launcher.emulator import emulated

TYPE = "AWS::S3::Bucket"
_MODULE = "services.s3"
_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_BY_DEFAULT = "ServerSideEncryptionByDefault"
_REFUSED = 400
_ABSENT = 404


def install_bucket() -> None:
    """Lock, encrypt and own buckets as their templates say, and delete none that holds objects."""
    wrap_handler(TYPE, "create", _creating)
    wrap_handler(TYPE, "update", _updating)
    wrap_handler(TYPE, "delete", lambda _delete: _delete_empty)


def _creating(create: Create) -> Create:
    def handle(logical_id: str, properties: Properties, stack: str) -> Created:
        name, attributes = create(logical_id, properties, stack)
        try:
            _configure(name, properties)
        except ValueError:
            _delete_empty(name, properties)  # a resource that failed is not the stack's, so nobody else would
            raise
        return name, attributes

    return handle


def _updating(update: Update) -> Update:
    def handle(physical_id: str, old: Properties, new: Properties, stack: str) -> Created:
        name, attributes = update(physical_id, old, new, stack)
        _configure(name, new)
        return name, attributes

    return handle


def _configure(name: str, properties: Properties) -> None:
    if is_true(properties.get("ObjectLockEnabled")):
        # A locked bucket is versioned, whatever the template says.
        emulated(_MODULE, "_bucket_versioning")[name] = "Enabled"
        lock = {"ObjectLockEnabled": "Enabled", **properties.get("ObjectLockConfiguration", {})}
        _put("_put_object_lock_configuration", name, "ObjectLockConfiguration", lock)
    if "BucketEncryption" in properties:
        _put("_put_bucket_encryption", name, "ServerSideEncryptionConfiguration", _encryption(properties))
    if "OwnershipControls" in properties:
        rules = {"Rule": properties["OwnershipControls"]["Rules"]}
        _put("_put_bucket_ownership_controls", name, "OwnershipControls", rules)


def _encryption(properties: Properties) -> Properties:
    """Return the rules under the names that the API has for them; without a key, S3 takes the account's own."""
    rules = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    return {
        "Rule": [
            {
                **{field: value for field, value in rule.items() if field != _BY_DEFAULT},
                f"Apply{_BY_DEFAULT}": _with_key(rule[_BY_DEFAULT]),
            }
            for rule in rules
        ]
    }


def _with_key(encryption: Properties) -> Properties:
    return {"KMSMasterKeyID": "alias/aws/s3", **encryption} if encryption["SSEAlgorithm"] == "aws:kms" else encryption


def _put(function: str, name: str, root: str, settings: Properties) -> None:
    document = Element(root, xmlns=_NAMESPACE)
    _fill(document, settings)
    status, _, body = emulated(_MODULE, function)(name, tostring(document))
    if status >= _REFUSED:
        raise ValueError(f"{TYPE}: {root} of {name} is refused: {body.decode()}")


def _fill(parent: Element, settings: Properties) -> None:
    for field, value in settings.items():
        for each in value if isinstance(value, list) else [value]:
            child = SubElement(parent, field)
            if isinstance(each, dict):
                _fill(child, each)
            else:
                child.text = str(each).lower() if isinstance(each, bool) else str(each)


def _delete_empty(name: str, _properties: Properties) -> None:
    status, _, _ = emulated(_MODULE, "_delete_bucket")(name)
    if status >= _REFUSED and status != _ABSENT:
        raise ValueError(f"{TYPE}: {name} is not empty; delete its objects and versions first")
