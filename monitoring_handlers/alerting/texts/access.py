"""Who reads, and who was refused."""

from monitoring_handlers.alerting.text import AlertText

ACCESS: tuple[AlertText, ...] = ()
