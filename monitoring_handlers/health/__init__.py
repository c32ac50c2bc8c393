"""Judges every secret of an environment each hour."""
