"""Test databases of ``manage.py test``."""

from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.db.backends.postgresql import creation

from alees_secrets.django.postgresql.credentials import secret_of
from alees_secrets.manager import SecretsManager


class DatabaseCreation(creation.DatabaseCreation):
    """Names the test database after the secret's where the settings name none."""

    def _get_test_db_name(self) -> str:
        settings = self.connection.settings_dict
        if settings["NAME"] or settings["TEST"]["NAME"]:
            return str(super()._get_test_db_name())
        return str(TEST_DATABASE_PREFIX) + SecretsManager().get_secret(secret_of(settings))["dbname"]
