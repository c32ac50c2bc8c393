"""A resource with a fixed name fails when the name is taken; MiniStack takes the other's place silently.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from collections.abc import Callable
from typing import Any

from local_cloud.launcher.cloudformation.resource_types import Create, Created, Properties, wrap_handler
from local_cloud.launcher.emulator import emulated


def install_taken_names() -> None:
    """Refuse names that exist. MiniStack refuses buckets' by itself."""
    for type_name, property_name, is_taken in (
        ("AWS::IAM::Role", "RoleName", _is_role),
        ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", _is_policy),
        ("AWS::KMS::Alias", "AliasName", _is_alias),
        ("AWS::SecretsManager::Secret", "Name", _is_secret),
    ):
        wrap_handler(type_name, "create", _refusing(type_name, property_name, is_taken))


def _refusing(
    type_name: str, property_name: str, is_taken: Callable[[str, Properties], bool]
) -> Callable[[Create], Create]:
    def wrapper(create: Create) -> Create:
        def handle(logical_id: str, properties: Properties, stack: str) -> Created:
            name = properties.get(property_name)
            if name and is_taken(name, properties):
                raise ValueError(
                    f"{type_name}: {name} already exists; delete it, import it into the stack or choose another name"
                )
            return create(logical_id, properties, stack)

        return handle

    return wrapper


def _is_role(name: str, _properties: Properties) -> bool:
    return name in emulated("services.iam", "_roles")


def _is_policy(name: str, properties: Properties) -> bool:
    account = emulated("core.responses", "get_account_id")()
    return f"arn:aws:iam::{account}:policy{properties.get('Path', '/')}{name}" in emulated("services.iam", "_policies")


def _is_alias(name: str, _properties: Properties) -> bool:
    aliases: Any = emulated("services.kms", "_aliases")
    return emulated("services.kms", "_alias_arn")(name) in aliases


def _is_secret(name: str, _properties: Properties) -> bool:
    return name in emulated("services.secretsmanager", "_secrets")
