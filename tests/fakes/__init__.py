"""Stand-ins that behave as the real thing does."""
