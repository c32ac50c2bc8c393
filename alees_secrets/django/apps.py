"""What ``INSTALLED_APPS`` names: it registers the checks."""

from django.apps import AppConfig


class AleesSecretsConfig(AppConfig):
    """``"alees_secrets.django"``."""

    name = "alees_secrets.django"
    label = "alees_secrets"
    verbose_name = "Alees Secrets"

    def ready(self) -> None:
        """Register the checks."""
        from alees_secrets.django import checks  # noqa: PLC0415, F401 - importing it registers them
