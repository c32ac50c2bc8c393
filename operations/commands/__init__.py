"""The commands and their options; operations.commands.options has the exit codes."""

from operations.commands import (  # each registers its own
    accessing,
    adopting,
    costing,
    handling,
    looking,
    recovering,
    rotating,
    setting,
)
from operations.commands.options import app

__all__ = ["accessing", "adopting", "app", "costing", "handling", "looking", "recovering", "rotating", "setting"]
