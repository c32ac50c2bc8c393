"""Rotations that failed, and what they made."""

from monitoring_handlers.alerting.text import AlertText

ROTATION: tuple[AlertText, ...] = ()
