"""Who made a call: CloudTrail's userIdentity.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

import datetime as dt
from typing import Any, TypeAlias

from local_cloud.launcher.emulator import emulated

Identity: TypeAlias = dict[str, Any]


def caller_identity(access_key: str) -> Identity | None:
    """Return the identity behind an access key; None if the key is unknown or no longer valid.

    CloudTrail cannot attribute the calls of such a key to an account, so that none records them.
    """
    account = emulated("core.responses", "get_account_id")()
    credential = emulated("core.iam_evaluator", "resolve_credential")(access_key, account)
    arn = getattr(credential, "principal_arn", "")
    if not arn:
        return None
    kind, _, name = arn.rpartition(":")[2].partition("/")
    identity = {"accountId": credential.account_id, "accessKeyId": access_key, "arn": arn}
    if kind == "assumed-role":
        return {"type": "AssumedRole", **identity, **_session(credential.account_id, access_key, name)}
    if kind == "user":
        user_name = name.rpartition("/")[2]
        return {"type": "IAMUser", "principalId": credential.principal_id, **identity, "userName": user_name}
    return {"type": "Root", "principalId": credential.account_id, **identity}


def _session(account: str, access_key: str, role_and_session: str) -> Identity:
    """Return what tells of a role's session; *role_and_session* are their names, with a slash between."""
    role_name, _, session_name = role_and_session.partition("/")
    role = emulated("services.iam", "_roles").get_scoped(account, None, role_name) or {}
    issued = emulated("services.sts", "_sessions")[access_key]["IssuedAt"]
    return {
        "principalId": f"{role.get('RoleId', role_name)}:{session_name}",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": role.get("RoleId", role_name),
                "arn": role.get("Arn", f"arn:aws:iam::{account}:role/{role_name}"),
                "accountId": account,
                "userName": role_name,
            },
            "attributes": {"creationDate": time_text(issued), "mfaAuthenticated": "false"},
        },
    }


def service_identity(service: str) -> Identity:
    """Return the identity of an AWS service that calls on its own, such as ``lambda.amazonaws.com``."""
    return {"type": "AWSService", "invokedBy": service}


def user_name(identity: Identity) -> str:
    """Return the name under which the event history lists an identity's calls."""
    if "userName" in identity:
        return str(identity["userName"])
    if "sessionContext" in identity:
        return str(identity["arn"]).rpartition("/")[2]
    return str(identity.get("invokedBy", "root"))


def time_text(seconds: float) -> str:
    """Return a time, in seconds since 1970, as CloudTrail writes it."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
