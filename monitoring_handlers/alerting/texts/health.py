"""What an hourly look at the secrets shows."""

from monitoring_handlers.alerting.text import AlertText

HEALTH: tuple[AlertText, ...] = ()
