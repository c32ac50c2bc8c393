"""What watches, and has stopped."""

from monitoring_handlers.alerting.text import AlertText

SILENCE: tuple[AlertText, ...] = ()
