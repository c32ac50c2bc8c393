"""Secrets in memory, for the tests of applications.

::

    # conftest.py
    pytest_plugins = "alees_secrets.testing.pytest_plugin"

    def test_invoice_is_sent_when_the_password_was_rotated(secrets_in_memory):
        secrets_in_memory.rotate_now("email/credentials")

Without pytest: ``with secrets_in_memory() as source: ...``.
"""

from alees_secrets.testing.source import InMemorySource
from alees_secrets.testing.using import secrets_in_memory

__all__ = ["InMemorySource", "secrets_in_memory"]
