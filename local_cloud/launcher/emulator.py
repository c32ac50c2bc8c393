"""Every name of MiniStack that this package reads or replaces, and the only way to reach one."""

import importlib
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from local_cloud.errors import LocalCloudError

PINNED_VERSION = "1.5.33"

NAMES: dict[str, tuple[str, ...]] = {
    "app": ("app",),
    "core.concurrency": ("spawn_background",),
    "core.iam_actions": ("access_denied_response", "request_tag_context"),
    "core.iam_evaluator": (
        "EvalContext",
        "_resolve_condition_key",
        "_role_name_from_assumed_arn",
        "enforce",
        "evaluate_resource_policy",
    ),
    "core.lambda_runtime": ("_worker_class_for", "reset"),
    "core.responses": ("error_response_json", "get_account_id", "get_region", "json_response", "request_scope"),
    "core.router": ("extract_access_key_id",),
    "services.cloudformation.drift": ("_DRIFT_READERS",),
    "services.cloudformation.provisioners": ("_REPLACING_PROPERTIES", "_RESOURCE_HANDLERS"),
    "services.cloudtrail": ("_get_event_queue",),
    "services.eventbridge": ("_dispatch_event",),
    "services.iam": ("_roles",),
    "services.lambda_svc": (
        "_execute_function_with_config_scope",
        "_execution_record_for_config",
        "_get_func_record_for_ref",
    ),
    "services.secretsmanager": (
        "_create_secret",
        "_delete_resource_policy",
        "_describe_secret",
        "_get_secret_value",
        "_is_replica",
        "_list_secret_version_ids",
        "_list_secrets",
        "_put_resource_policy",
        "_put_secret_value",
        "_resolve",
        "_resource_policies",
        "_rotate_secret",
        "_secrets",
        "_store_new_secret",
        "_sync_replica_resource_policy",
        "_sync_replicas",
        "_update_secret",
        "_update_secret_version_stage",
        "handle_request",
    ),
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
