"""Whether a role's policies let an AWS service act in its name."""

from local_cloud.launcher.access.service_principals import service_context
from local_cloud.launcher.emulator import emulated


def role_may(role_arn: str, action: str, resource: str) -> bool:
    """Tell whether a role of the current account, within its boundary, is allowed an action on a resource."""
    name, account = role_arn.rpartition("/")[2], emulated("core.responses", "get_account_id")()
    policies = emulated("core.iam_evaluator", "_gather_role_policies")(name, account)
    limits = emulated("core.iam_evaluator", "_permissions_boundary")(emulated("services.iam", "_roles"), name, account)
    context = service_context(action, resource, {})
    return bool(emulated("core.iam_evaluator", "evaluate")(context, policies, *limits).decision == "Allow")
