"""Prod, as the functions that watch it know it."""

from monitoring_handlers.watched import Watched
from tests.unit.monitoring_handlers.events import ACCOUNT, KEY_ID, REGION, TRAIL_KEY_ID

ALIASES = {KEY_ID: "alias/alees/prod/database", TRAIL_KEY_ID: "alias/alees/trail", "other": "alias/alees/dev/database"}

PROD = Watched(
    environment="prod",
    stack="AleesSecretsProd",
    account=ACCOUNT,
    region=REGION,
    trail="alees-secrets",
    trail_log_group="/alees/trail",
    keys=lambda: ALIASES,
)
