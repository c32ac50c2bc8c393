"""What type checkers see; checked by mypy, not run."""
