"""Whether EventBridge may invoke a function; MiniStack does not ask.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
"""

from local_cloud.launcher.access.service_principals import admits
from local_cloud.launcher.emulator import emulated


def may_invoke(function_arn: str, rule_arn: str) -> bool:
    """Tell whether the policy of a function, or of its alias when the ARN names one, admits a rule."""
    function, _, _ = emulated("services.lambda_svc", "_get_func_record_for_ref")(function_arn)
    policy = None if function is None else function.get("policy")
    keys = {"aws:sourcearn": rule_arn, "aws:sourceaccount": emulated("core.responses", "get_account_id")()}
    return admits(policy, "events.amazonaws.com", "lambda:InvokeFunction", function_arn, keys)
