"""Every name of MiniStack that this package reads or replaces, and the only way to reach one."""

import importlib
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from local_cloud.errors import LocalCloudError

PINNED_VERSION = "1.5.33"

NAMES: dict[str, tuple[str, ...]] = {
    "app": ("_dispatch_service_request", "_routing_params", "app"),
    "core.concurrency": ("spawn_background",),
    "core.iam_actions": (
        "access_denied_response",
        "extract_iam_action",
        "extract_resource_arn",
        "request_tag_context",
    ),
    "core.iam_evaluator": (
        "EvalContext",
        "_gather_role_policies",
        "_permissions_boundary",
        "_request_origin",
        "_resolve_condition_key",
        "_role_name_from_assumed_arn",
        "enforce",
        "evaluate",
        "evaluate_resource_policy",
        "resolve_credential",
    ),
    "core.lambda_runtime": ("_worker_class_for", "execution_credentials", "reset"),
    "core.responses": ("error_response_json", "get_account_id", "get_region", "json_response", "request_scope"),
    "core.router": ("detect_service", "extract_access_key_id"),
    "services.cloudformation.drift": ("_DRIFT_READERS",),
    "services.cloudformation.provisioners": ("_REPLACING_PROPERTIES", "_RESOURCE_HANDLERS"),
    "services.cloudtrail": ("_DISPATCH", "_account_trail_items", "_get_event_queue", "_trail_tags", "_trails"),
    "services.cloudwatch": (
        "_alarms",
        "_calc_stats",
        "_dims_from_list",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_alarm",
        "_evaluate_parent_alarms",
        "_metric_bucket",
        "_record_history",
        "_stat_value",
        "_store_datum",
        "record_metric",
    ),
    "services.cloudwatch_logs": (
        "_create_log_stream",
        "_fanout_to_subscription_filters",
        "_log_groups",
        "_put_log_events",
        "_put_subscription_filter",
        "_subscription_pattern_matches",
    ),
    "services.eventbridge": (
        "_dispatch_event",
        "_dispatch_to_lambda",
        "_dispatch_to_sns",
        "_invoke_target",
        "_matches_pattern_view",
        "_pattern_event_view",
        "_rules",
        "_targets",
    ),
    "services.iam": (
        "_IAM_HANDLERS",
        "_access_keys",
        "_boundary_policy_error",
        "_boundary_usage_counts",
        "_create_oidc_provider",
        "_delete_oidc_provider",
        "_delete_user",
        "_error",
        "_policies",
        "_roles",
        "_users",
    ),
    "services.kms": ("_alias_arn", "_aliases", "_resolve_key"),
    "services.lambda_svc": (
        "_emit_lambda_logs",
        "_emit_lambda_metrics",
        "_execute_function_with_config_scope",
        "_execution_record_for_config",
        "_get_func_record_for_ref",
    ),
    "services.s3": (
        "_bucket_policies",
        "_bucket_versioning",
        "_buckets",
        "_delete_bucket",
        "_put_bucket_encryption",
        "_put_bucket_ownership_controls",
        "_put_object_lock_configuration",
    ),
    "services.secretsmanager": (
        "_create_secret",
        "_delete_replicas",
        "_delete_resource_policy",
        "_delete_secret",
        "_describe_secret",
        "_filter_secret_names",
        "_get_secret_value",
        "_is_replica",
        "_list_secret_version_ids",
        "_list_secrets",
        "_put_resource_policy",
        "_put_secret_value",
        "_replicate_secret_to_regions",
        "_resolve",
        "_resource_policies",
        "_rotate_secret",
        "_secret_arn_for_region",
        "_secrets",
        "_store_new_secret",
        "_sync_replica_resource_policy",
        "_sync_replicas",
        "_update_secret",
        "_update_secret_version_stage",
        "handle_request",
    ),
    "services.sns": ("_deliver_to_sqs", "_http_post_sync", "_topics"),
    "services.sqs": ("_queue_by_arn", "queue_policy_allows"),
    "services.sts": ("_sessions",),
}
"""Module below ``ministack`` and the names in it."""


def check_emulator() -> None:
    """Check that the installed MiniStack is the pinned one and has every declared name.

    Raises:
        LocalCloudError: It is not, or has not; the message names what is missing.
    """
    found = version("ministack")
    if found != PINNED_VERSION:
        raise LocalCloudError(
            f"ministack is {found}; the local AWS is built on the private names of {PINNED_VERSION}; install the "
            "pinned requirements: make setup"
        )
    check_names(NAMES)


def check_names(names: dict[str, tuple[str, ...]]) -> None:
    """Check that each of *names* (module below ``ministack`` to names in it) exists.

    Raises:
        LocalCloudError: One does not.
    """
    for module_path, attributes in names.items():
        try:
            module: object = importlib.import_module(f"ministack.{module_path}")
        except ModuleNotFoundError:
            module = None
        for attribute in attributes:
            if not hasattr(module, attribute):
                raise LocalCloudError(
                    f"ministack {PINNED_VERSION} was expected to have {module_path}.{attribute}, which the local AWS "
                    "replaces or calls; adapt local_cloud/launcher to the installed version"
                )


def emulated(module_path: str, name: str) -> Any:  # noqa: ANN401 - MiniStack is untyped
    """Return what MiniStack has under a declared name.

    Args:
        module_path: Module below ``ministack``, such as ``core.responses``.
        name: A name that NAMES declares for it.
    """
    return getattr(_module(module_path, name), name)


def replace(module_path: str, name: str, replacement: object) -> None:
    """Put *replacement* where MiniStack looks up a declared name."""
    setattr(_module(module_path, name), name, replacement)


def wrap(module_path: str, name: str, wrapper: Callable[[Any], object]) -> None:
    """Put what *wrapper* makes of a declared name's value in that value's place."""
    replace(module_path, name, wrapper(emulated(module_path, name)))


def _module(module_path: str, name: str) -> object:
    if name not in NAMES.get(module_path, ()):
        undeclared = f"ministack.{module_path}.{name} is not declared in NAMES, so its presence was not checked"
        raise KeyError(undeclared)
    return importlib.import_module(f"ministack.{module_path}")
