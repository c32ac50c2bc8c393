"""What commands print: text for people on standard output, progress on standard error, JSON for machines."""

import json
from datetime import datetime

from rich.console import Console

from operations.by_hand import Handled

# Rich takes the :secret: of an ARN for an emoji.
out = Console(highlight=False, emoji=False)
err = Console(stderr=True, highlight=False, emoji=False)


def print_json(value: object) -> None:
    """Print *value* as JSON; times in ISO 8601, UTC."""
    out.print(json.dumps(value, indent=2, default=_plain), soft_wrap=True, markup=False)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON form for {type(value).__name__}")


def relative(moment: datetime | None, now: datetime) -> str:
    """Return *moment* as people read it, such as ``3 days ago``; ``never`` for None."""
    if moment is None:
        return "never"
    seconds = (moment - now).total_seconds()
    size, unit = _largest(abs(seconds))
    if size == 0:
        return "now"
    text = f"{size} {unit}{'s' if size > 1 else ''}"
    return f"in {text}" if seconds > 0 else f"{text} ago"


def _largest(seconds: float) -> tuple[int, str]:
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return round(seconds / length), unit
    return int(seconds), "second"


def revoked_text(handled: Handled, *, ended: bool) -> str:
    """Return what people read of a credential that was revoked; and who has to end it, if it is not *ended* thereby."""
    text = f"{handled.path}: version {handled.version_id[:8]} is revoked{handled.counted}"
    if ended:
        return text
    return f"{text}. The mail server still accepts its password until the server's operator ends it: ask for that now"
