"""The commands and their options; operations.commands.options has the exit codes."""

from operations.commands import adopting, handling, looking, recovering, rotating, setting  # each registers its own
from operations.commands.options import app

__all__ = ["adopting", "app", "handling", "looking", "recovering", "rotating", "setting"]
