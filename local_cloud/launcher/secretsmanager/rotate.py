"""The calls that set up, start and cancel rotation.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html and API_CancelRotateSecret.html
beside it.
"""

from local_cloud.launcher.clock import CLOCK
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import Answer, ApiError, Request
from local_cloud.launcher.secretsmanager.invocation import require_invocable
from local_cloud.launcher.secretsmanager.labels import move_label
from local_cloud.launcher.secretsmanager.rotation import Rotation, cancel_rotations, start_rotation
from local_cloud.launcher.secretsmanager.schedule import parse_rules
from local_cloud.launcher.secretsmanager.store import (
    CURRENT,
    PENDING,
    Secret,
    add_version,
    find_changeable_secret,
    holder_of,
    save,
    version_token,
)


def rotate_secret(request: Request) -> Answer:
    """Answer RotateSecret: keep the settings, start the steps in the background and return at once.

    The token of a version that is not pending, as of a rotation that is over, starts nothing.

    Raises:
        ApiError: No function is known or it may not be invoked, the rules are wrong, or another rotation is pending.
            Nothing has changed then.
    """
    secret = find_changeable_secret(request.get("SecretId"))
    function_arn = request.get("RotationLambdaARN") or secret.get("RotationLambdaARN")
    if not function_arn:
        raise ApiError("InvalidRequestException", "No Lambda rotation function ARN is associated with this secret.")
    rules = request.get("RotationRules")
    parse_rules(rules or {})
    token = version_token(request)
    _refuse_while_pending(secret, token)
    require_invocable(function_arn, secret["ARN"])
    if not secret.get("RotationEnabled") or (rules is not None and rules != secret.get("RotationRules")):
        secret["_schedule_from"] = CLOCK.now()
    secret.update(RotationEnabled=True, RotationLambdaARN=function_arn)
    if rules is not None:
        secret["RotationRules"] = rules
    if not request.get("RotateImmediately", True):
        _begin_test(secret, token)
    elif token not in secret["Versions"] or token == holder_of(secret, PENDING):
        begin_rotation(secret, token)
    save(secret)
    return {"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token}


def _refuse_while_pending(secret: Secret, token: str) -> None:
    pending = holder_of(secret, PENDING)
    if pending not in {None, holder_of(secret, CURRENT), token}:
        raise ApiError(
            "InvalidRequestException", "A previous rotation isn't complete. That rotation will be reattempted."
        )


def begin_rotation(secret: Secret, token: str) -> None:
    """Start the steps for a version, made without a value under AWSPENDING if it does not exist.

    The version of an earlier try is taken up as it is. The caller holds STATE_LOCK.
    """
    if token not in secret["Versions"]:
        add_version(secret, token)
        move_label(secret, PENDING, token)
    start_rotation(_rotation(secret, token, test_only=False))


def _begin_test(secret: Secret, token: str) -> None:
    """Start testSecret alone, for a version that holds a copy of AWSCURRENT's value until the test ends.

    Of the value AWS's documents say nothing; moto found it in AWS (https://github.com/getmoto/moto/pull/8547).
    """
    if token in secret["Versions"]:
        return
    current = holder_of(secret, CURRENT)
    add_version(secret, token, None if current is None else secret["Versions"][current])
    move_label(secret, PENDING, token)
    start_rotation(_rotation(secret, token, test_only=True))


def _rotation(secret: Secret, token: str, *, test_only: bool) -> Rotation:
    return Rotation(
        account=emulated("core.responses", "get_account_id")(),
        region=emulated("core.responses", "get_region")(),
        secret=secret,
        function_arn=secret["RotationLambdaARN"],
        token=token,
        test_only=test_only,
    )


def cancel_rotate_secret(request: Request) -> Answer:
    """Answer CancelRotateSecret: rotation is off, and one under way ends with labels wherever they are."""
    secret = find_changeable_secret(request.get("SecretId"))
    secret["RotationEnabled"] = False
    cancel_rotations(secret)
    save(secret)
    return {"ARN": secret["ARN"], "Name": secret["Name"]}
