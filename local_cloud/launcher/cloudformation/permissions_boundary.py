"""The permissions boundary of AWS::IAM::Role, which MiniStack drops.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, Delete, Properties, wrap_handler
from local_cloud.launcher.emulator import emulated

_ROLE = "AWS::IAM::Role"
_POLICY = "AWS::IAM::ManagedPolicy"


def install_permissions_boundary() -> None:
    """Put boundaries on roles, where IAM's evaluation finds them, and keep a policy that is one from being deleted."""
    wrap_handler(_ROLE, "create", lambda create: _bounding(create, properties_at=1))
    wrap_handler(_ROLE, "update", lambda update: _bounding(update, properties_at=2))
    wrap_handler(_POLICY, "delete", _refusing_boundaries)


def _bounding(handler: Callable[..., Created], *, properties_at: int) -> Callable[..., Created]:
    def handle(*arguments: Any) -> Created:  # noqa: ANN401 - MiniStack is untyped
        boundary = arguments[properties_at].get("PermissionsBoundary", "")
        if boundary and emulated("services.iam", "_boundary_policy_error")(boundary):
            raise ValueError(
                f"{_ROLE}: PermissionsBoundary is {boundary}, which does not exist; deploy that policy first"
            )
        name, attributes = handler(*arguments)
        emulated("services.iam", "_roles")[name]["PermissionsBoundary"] = boundary
        return name, attributes

    return handle


def _refusing_boundaries(delete: Delete) -> Delete:
    def handle(arn: str, properties: Properties) -> None:
        roles = emulated("services.iam", "_boundary_usage_counts")().get(arn)
        if roles:
            raise ValueError(f"{_POLICY}: {arn} is the permissions boundary of {roles} roles; delete those first")
        delete(arn, properties)

    return handle
