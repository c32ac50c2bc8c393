"""Access keys of IAM users: two at most, none left when the user is deleted, and policies that name the user's path.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from local_cloud.launcher.emulator import emulated, wrap

Parameters: TypeAlias = dict[str, list[str]]
Response: TypeAlias = tuple[int, dict[str, str], Any]
Handler: TypeAlias = Callable[[Parameters], Response]

_MOST_KEYS = 2
_IAM = "services.iam"


def install_access_keys() -> None:
    """Refuse a third key and the deletion of a user with keys, and let calls be about a user with its path."""
    handlers = emulated(_IAM, "_IAM_HANDLERS")
    handlers["CreateAccessKey"] = _limited(handlers["CreateAccessKey"])
    wrap(_IAM, "_delete_user", _keeping)  # CloudFormation calls it too
    handlers["DeleteUser"] = emulated(_IAM, "_delete_user")
    wrap("core.iam_actions", "extract_resource_arn", _with_path)


def access_key_secret(key_id: str) -> str | None:
    """Return the secret of an active key of any account; None if there is no such key."""
    for (_, name), key in emulated(_IAM, "_access_keys").to_dict().items():
        if name == key_id and key["Status"] == "Active":
            secret: str = key["SecretAccessKey"]
            return secret
    return None


def _keys_of(user: str) -> list[str]:
    return [name for name, key in emulated(_IAM, "_access_keys").items() if key["UserName"] == user]


def _limited(create: Handler) -> Handler:
    def handle(parameters: Parameters) -> Response:
        if len(_keys_of(_user(parameters))) >= _MOST_KEYS:
            return _error("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2")
        return create(parameters)

    return handle


def _keeping(delete: Handler) -> Handler:
    def handle(parameters: Parameters) -> Response:
        if _keys_of(_user(parameters)):
            return _error("DeleteConflict", "Cannot delete entity, must delete access keys first.")
        return delete(parameters)

    return handle


def _user(parameters: dict[str, Any]) -> str:
    """Return the user that is named; CloudFormation's own calls pass text, requests pass lists."""
    name = parameters.get("UserName", "")
    return str(name[0] if isinstance(name, list) else name)


def _with_path(resource_arn: Callable[..., str]) -> Callable[..., str]:
    def arn(service: str, *arguments: Any) -> str:  # noqa: ANN401 - MiniStack is untyped
        found = resource_arn(service, *arguments)
        kind, _, name = found.rpartition("/")
        if service != "iam" or not kind.endswith(":user"):
            return found
        account = found.split(":")[4]
        user = emulated(_IAM, "_users").get_scoped(account, None, name) or {}
        return str(user.get("Arn", found))

    return arn


def _error(code: str, message: str) -> Response:
    response: Response = emulated(_IAM, "_error")(409, code, message, ns="iam")
    return response
