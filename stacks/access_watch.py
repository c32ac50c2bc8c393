"""What watches who reads secrets, composed."""

from aws_cdk import aws_kms as kms

from alees_secrets import naming
from constructs_lib.access.read_matrix import MATRIX, read_matrix
from constructs_lib.access_watch import AccessWatch, AccessWatchProps
from constructs_lib.audit_trail import TRAIL_NAME
from constructs_lib.function_package import function_package
from constructs_lib.read_statistics import ReadStatistics
from stacks.environment import EnvironmentStack


def add_access_watch(stack: EnvironmentStack, key: kms.IKey) -> AccessWatch:
    """Add to an environment's stack of secrets what watches its reads.

    Args:
        stack: Where it goes.
        key: Encrypts the function's logs.
    """
    settings = stack.settings
    slug, account = settings.slug, settings.account
    ReadStatistics(
        stack,
        "ReadStatistics",
        environment=slug,
        prefix=naming.prefix(slug),
        trail_log_group=account.trail_log_group,
    )
    return AccessWatch(
        stack,
        "AccessWatch",
        props=AccessWatchProps(
            description=f"Watches who reads secrets in {settings.name}",
            package=function_package(
                "monitoring_handlers/access_watch",
                platform=settings.code_platform,
                files={MATRIX: read_matrix(settings)},
            ),
            environment={
                "STACK": settings.stack_name,
                "RECOVERY_REGION": settings.recovery_region,
                "TRAIL": "" if account.existing_trail_log_group else TRAIL_NAME,
                "TRAIL_LOG_GROUP": account.trail_log_group,
            },
            role_name=naming.role_name(slug, "access-watch"),
            role_path=naming.role_path(slug),
            trail_log_group=account.trail_log_group,
            log_retention_days=settings.log_retention_days,
            log_key=key,
        ),
    )
