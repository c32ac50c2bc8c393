"""``manage.py dbshell`` with the secret's login."""

from typing import Any

from django.db.backends.postgresql import client

from alees_secrets.django.postgresql.credentials import secret_of
from alees_secrets.manager import SecretsManager


class DatabaseClient(client.DatabaseClient):
    """Starts psql. The password is in its environment (PGPASSWORD), never on its command line."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: list[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """Return command line and environment of psql, as Django makes them."""
        fields = SecretsManager().get_secret(secret_of(settings_dict))
        args, env = super().settings_to_cmd_args_env(
            {
                **settings_dict,
                "NAME": settings_dict["NAME"] or fields["dbname"],
                "HOST": settings_dict["HOST"] or fields["host"],
                "PORT": settings_dict["PORT"] or fields["port"],
                "USER": fields["username"],
            },
            parameters,
        )
        return args, {**(env or {}), "PGPASSWORD": fields["password"]}
