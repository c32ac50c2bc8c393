"""Everything that is put in MiniStack's place, at one glance."""

from local_cloud.launcher.access.condition_keys import install_condition_keys
from local_cloud.launcher.asynchronous import install_asynchronous_invocation
from local_cloud.launcher.cloudformation.band_alarm import install_band_alarm
from local_cloud.launcher.cloudformation.bucket import install_bucket
from local_cloud.launcher.cloudformation.oidc_provider import install_oidc_provider
from local_cloud.launcher.cloudformation.permissions_boundary import install_permissions_boundary
from local_cloud.launcher.cloudformation.recorded_types import install_recorded_types
from local_cloud.launcher.cloudformation.resource_policy import install_resource_policy
from local_cloud.launcher.cloudformation.rotation_schedule import install_rotation_schedule
from local_cloud.launcher.cloudformation.secret import install_secret
from local_cloud.launcher.cloudformation.taken_names import install_taken_names
from local_cloud.launcher.cloudformation.topic import install_topic
from local_cloud.launcher.cloudformation.trail import install_trail
from local_cloud.launcher.cloudtrail.recording import install_recording
from local_cloud.launcher.cloudtrail.trails import install_trails
from local_cloud.launcher.cloudwatch.alarms import install_alarms, start_alarms
from local_cloud.launcher.cloudwatch.metrics import install_metrics
from local_cloud.launcher.cloudwatch.sources import install_sources
from local_cloud.launcher.eventbridge import install_eventbridge
from local_cloud.launcher.iam.access_keys import install_access_keys
from local_cloud.launcher.logs.subscriptions import install_subscriptions
from local_cloud.launcher.packages import install_packages
from local_cloud.launcher.secretsmanager.install import install_secrets_manager
from local_cloud.launcher.secretsmanager.scheduler import start_scheduler


def install() -> None:
    """Put every missing behaviour in place and start what looks at the clock. Once per process."""
    install_secrets_manager()
    install_condition_keys()
    install_access_keys()
    install_trails()
    install_recording()
    install_eventbridge()
    install_asynchronous_invocation()
    install_metrics()
    install_sources()
    install_alarms()
    install_subscriptions()
    install_secret()
    install_rotation_schedule()
    install_resource_policy()
    install_permissions_boundary()
    install_oidc_provider()
    install_bucket()
    install_topic()
    install_trail()
    install_recorded_types()
    install_band_alarm()
    install_taken_names()
    install_packages()
    start_scheduler()
    start_alarms()
