"""Everything that is put in MiniStack's place, at one glance."""

from local_cloud.launcher.access.condition_keys import install_condition_keys
from local_cloud.launcher.cloudformation.resource_policy import install_resource_policy
from local_cloud.launcher.cloudformation.rotation_schedule import install_rotation_schedule
from local_cloud.launcher.cloudformation.secret import install_secret_ref
from local_cloud.launcher.packages import install_packages
from local_cloud.launcher.secretsmanager.install import install_secrets_manager
from local_cloud.launcher.secretsmanager.scheduler import start_scheduler


def install() -> None:
    """Put every missing behaviour in place and start the scheduler. Once per process."""
    install_secrets_manager()
    install_condition_keys()
    install_secret_ref()
    install_rotation_schedule()
    install_resource_policy()
    install_packages()
    start_scheduler()
