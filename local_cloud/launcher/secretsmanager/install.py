"""Puts this package's operations in the place of MiniStack's."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from local_cloud.launcher.emulator import replace, wrap
from local_cloud.launcher.secretsmanager.answers import Response, operation, refusing
from local_cloud.launcher.secretsmanager.callers import refuse_without_invoke
from local_cloud.launcher.secretsmanager.creation import create_secret
from local_cloud.launcher.secretsmanager.deletion import telling_of_versions
from local_cloud.launcher.secretsmanager.descriptions import (
    describe_secret,
    with_rotation_fields,
    without_deprecated_versions,
)
from local_cloud.launcher.secretsmanager.filters import filter_names
from local_cloud.launcher.secretsmanager.labels import update_secret_version_stage
from local_cloud.launcher.secretsmanager.policies import put_resource_policy
from local_cloud.launcher.secretsmanager.replication import (
    keeping_replicated_secrets,
    remove_regions_from_replication,
    replicate_secret_to_regions,
)
from local_cloud.launcher.secretsmanager.rotate import cancel_rotate_secret, rotate_secret
from local_cloud.launcher.secretsmanager.values import get_secret_value, put_secret_value, update_secret

_MODULE = "services.secretsmanager"
_ROTATE = "secretsmanager.RotateSecret"

_ABSENT = {
    "secretsmanager.CancelRotateSecret": cancel_rotate_secret,
    "secretsmanager.RemoveRegionsFromReplication": remove_regions_from_replication,
}
"""Operations that MiniStack lacks."""

RequestHandler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Response]]


def install_secrets_manager() -> None:
    """Replace the operations. MiniStack looks each up anew for every request."""
    for name, handler in (
        ("_create_secret", create_secret),
        ("_describe_secret", describe_secret),
        ("_get_secret_value", get_secret_value),
        ("_put_resource_policy", put_resource_policy),
        ("_put_secret_value", put_secret_value),
        ("_replicate_secret_to_regions", replicate_secret_to_regions),
        ("_rotate_secret", rotate_secret),
        ("_update_secret", update_secret),
        ("_update_secret_version_stage", update_secret_version_stage),
    ):
        replace(_MODULE, name, operation(handler))
    replace(_MODULE, "_filter_secret_names", filter_names)
    wrap(_MODULE, "_delete_secret", lambda delete: refusing(telling_of_versions(keeping_replicated_secrets(delete))))
    wrap(_MODULE, "_list_secrets", with_rotation_fields)
    wrap(_MODULE, "_list_secret_version_ids", without_deprecated_versions)
    wrap(_MODULE, "handle_request", _with_rotation_calls)


def _with_rotation_calls(handle_request: RequestHandler) -> RequestHandler:
    """Add the operations that MiniStack lacks, and what RotateSecret asks of its caller."""

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Response:
        target = headers.get("x-amz-target", "")
        if target in _ABSENT:
            return operation(_ABSENT[target])(json.loads(body))
        if target == _ROTATE and (refusal := refuse_without_invoke(json.loads(body), headers, query)):
            return refusal
        return await handle_request(method, path, headers, body, query)

    return handle
