"""Turns events into alerts that a person can act on, folds repeated ones, and publishes them."""
