"""The command line of platform engineers and people on call: ``./alees-secrets``."""
