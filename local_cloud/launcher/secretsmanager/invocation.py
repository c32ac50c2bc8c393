"""How Secrets Manager invokes a rotation function.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
"""

import os
import re
import time
from collections.abc import Callable

from local_cloud.errors import LocalCloudError
from local_cloud.launcher.access.service_principals import admits
from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.environment import RETRY_DELAYS_VARIABLE
from local_cloud.launcher.secretsmanager.answers import ApiError

_SERVICE = "secretsmanager.amazonaws.com"
_DEFAULT_RETRY_DELAYS = "1,2"


def retry_delays() -> tuple[float, ...]:
    """Return the seconds to wait before each further attempt of a failed step.

    As many as Lambda makes of an asynchronous invocation, two, but after 1 and 2 seconds instead of minutes
    (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html).

    Raises:
        LocalCloudError: The environment variable holds something else.
    """
    text = os.environ.get(RETRY_DELAYS_VARIABLE, _DEFAULT_RETRY_DELAYS)
    if not re.fullmatch(r"\d+(\.\d+)?(,\d+(\.\d+)?)*", text):
        raise LocalCloudError(f"{RETRY_DELAYS_VARIABLE} is {text!r}; allowed are seconds separated by commas: 1,2")
    return tuple(float(seconds) for seconds in text.split(","))


def require_invocable(function_arn: str, secret_arn: str) -> None:
    """Check that the function exists and its own policy lets Secrets Manager invoke it for this secret.

    Raises:
        ApiError: It does not.
    """
    function, _, _ = emulated("services.lambda_svc", "_get_func_record_for_ref")(function_arn)
    keys = {"aws:sourceaccount": emulated("core.responses", "get_account_id")(), "aws:sourcearn": secret_arn}
    policy = None if function is None else function.get("policy")
    if not admits(policy, _SERVICE, "lambda:InvokeFunction", function_arn, keys):
        raise ApiError(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
            f"access to the principal {_SERVICE}.",
        )


def invoke(function_arn: str, event: dict[str, str], *, keep_on: Callable[[], bool]) -> bool:
    """Invoke a rotation function for one step, again when it fails, and tell whether it succeeded.

    Args:
        function_arn: The function.
        event: Step, SecretId, ClientRequestToken and RotationToken.
        keep_on: Asked before every further attempt; False ends them.
    """
    for delay in (0.0, *retry_delays()):
        time.sleep(delay)
        if delay and not keep_on():
            return False
        try:
            require_invocable(function_arn, event["SecretId"])
        except ApiError:
            continue
        function, config, _ = emulated("services.lambda_svc", "_get_func_record_for_ref")(function_arn)
        record = emulated("services.lambda_svc", "_execution_record_for_config")(function, config)
        result = emulated("services.lambda_svc", "_execute_function_with_config_scope")(record, event)
        if not result.get("error"):
            return True
    return False
