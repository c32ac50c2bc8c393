"""AWS::IAM::OIDCProvider.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html
"""

from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Created, Properties, add_type
from local_cloud.launcher.emulator import emulated

TYPE = "AWS::IAM::OIDCProvider"

_MODULE = "services.iam"
_REFUSED = 400


def install_oidc_provider() -> None:
    """Add the type. Any change makes a new provider, which AWS does for the address alone."""
    add_type(TYPE, create=_create, update=_update, delete=_delete, replacing=("Url", "ClientIdList", "ThumbprintList"))


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    address = properties["Url"]
    clients = {
        f"ClientIDList.member.{number}": [client]
        for number, client in enumerate(properties.get("ClientIdList", []), start=1)
    }
    _call("_create_oidc_provider", {"Url": [address], **clients})
    account = emulated("core.responses", "get_account_id")()
    arn = f"arn:aws:iam::{account}:oidc-provider/{address.removeprefix('https://').rstrip('/')}"
    return arn, {"Arn": arn}


def _update(arn: str, _old: Properties, _new: Properties, _stack: str) -> Created:
    return arn, {"Arn": arn}  # what is left are tags


def _delete(arn: str, _properties: Properties) -> None:
    _call("_delete_oidc_provider", {"OpenIDConnectProviderArn": [arn]})


def _call(operation: str, parameters: dict[str, Any]) -> None:
    status, _, body = emulated(_MODULE, operation)(parameters)
    if status >= _REFUSED:
        raise ValueError(f"{TYPE}: {body!r}")
