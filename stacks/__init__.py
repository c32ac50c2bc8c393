"""Stacks: compose constructs, connect them, grant. Nothing is exported from one to another."""
