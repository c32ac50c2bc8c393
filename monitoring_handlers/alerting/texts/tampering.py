"""Changes to what protects the secrets."""

from monitoring_handlers.alerting.text import AlertText

TAMPERING: tuple[AlertText, ...] = ()
