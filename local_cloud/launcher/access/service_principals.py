"""Whether a resource's policy lets an AWS service act.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from typing import Any

from local_cloud.launcher.emulator import emulated


def admits(policy: object, service: str, action: str, resource: str, keys: dict[str, str]) -> bool:
    """Tell whether a policy allows a service an action.

    Args:
        policy: Document of the resource's policy, as text or parsed; None admits nobody.
        service: Such as ``events.amazonaws.com``.
        action: Such as ``sns:Publish``.
        resource: ARN of the resource.
        keys: Condition keys in lower case that the service sends, such as ``aws:sourcearn``.
    """
    context = service_context(action, resource, keys)
    evaluate = emulated("core.iam_evaluator", "evaluate_resource_policy")
    return bool(evaluate(policy, context, service=service).decision == "Allow")


def service_context(action: str, resource: str, keys: dict[str, str]) -> Any:  # noqa: ANN401 - MiniStack is untyped
    """Return what IAM's evaluation is told of a service's own call, which counts as sent over TLS."""
    return emulated("core.iam_evaluator", "EvalContext")(
        principal_arn="",
        principal_type="Service",
        principal_account=emulated("core.responses", "get_account_id")(),
        action=action,
        resource_arn=resource,
        region=emulated("core.responses", "get_region")(),
        secure_transport=True,
        service_context=keys,
    )
