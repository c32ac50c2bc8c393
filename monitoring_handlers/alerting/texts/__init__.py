"""What alerts say, by id."""

from monitoring_handlers.alerting.text import AlertText
from monitoring_handlers.alerting.texts.access import ACCESS
from monitoring_handlers.alerting.texts.health import HEALTH
from monitoring_handlers.alerting.texts.rotation import ROTATION
from monitoring_handlers.alerting.texts.silence import SILENCE
from monitoring_handlers.alerting.texts.tampering import TAMPERING

TEXTS: dict[str, AlertText] = {text.id: text for text in (*ROTATION, *TAMPERING, *ACCESS, *HEALTH, *SILENCE)}
"""Every alert, in the order of docs/runbooks/alerts.md."""
