"""The Local environment: the local AWS and PostgreSQL that ``make local`` starts, as they say where they are."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from config.account import Account
from config.database import Database
from config.email import Ses
from config.environment import CodePlatform, Environment
from config.errors import ConfigError
from config.http_call import Call, Management
from config.http_provider import Http, Listed
from config.people import IamUser, IdentityCenterRole
from config.services import ApiService, Internal

STATE_DIRECTORY = Path(__file__).parent.parent / ".local"
"""Where the local cloud of ``make local`` keeps everything."""

RECOVERY_REGION = "eu-west-1"
"""Second region of the local AWS."""

_FILE = "cloud.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalCloud:
    """Where a running local AWS, its PostgreSQL and its mail server listen. Holds no credentials.

    Attributes:
        endpoint_url: Base URL of every AWS service, such as ``http://127.0.0.1:4566``.
        account: Account number; as an access key it is the account's root user in the local AWS.
        region: Region of the environment.
        database_host: Host that the server's certificate names.
        database_port: TCP port of PostgreSQL.
        database_name: Name of the empty database for the ERP.
        admin_secret: Name of the secret that holds the database's admin credentials.
        certificate_authority: PEM file that the server's certificate verifies with.
        provider_url: Base URL of the provider of API keys.
        provider_authority: PEM file that the provider's certificate verifies with.
        management_secret: Name of the secret that lets rotation manage the provider's keys.
        mail_port: TCP port of the mail server, on 127.0.0.1; it speaks STARTTLS.
        mail_certificate_authority: PEM file that the mail server's certificate verifies with.
    """

    endpoint_url: str
    account: str
    region: str
    database_host: str
    database_port: int
    database_name: str
    admin_secret: str
    certificate_authority: str
    provider_url: str
    provider_authority: str
    management_secret: str
    mail_port: int
    mail_certificate_authority: str

    def write(self, state_directory: Path) -> None:
        """Leave the description in *state_directory* for other processes, whole or not at all."""
        partial = state_directory / f"{_FILE}.partial"
        partial.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        partial.replace(state_directory / _FILE)

    @staticmethod
    def remove(state_directory: Path) -> None:
        """Take the description away, since nothing runs any more."""
        (state_directory / _FILE).unlink(missing_ok=True)

    @classmethod
    def read(cls, state_directory: Path) -> Self:
        """Return the description of the local cloud that keeps its state in *state_directory*.

        Raises:
            ConfigError: None is running there, or its description is damaged.
        """
        try:
            return cls(**json.loads((state_directory / _FILE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            problem = f"no local AWS is running in {state_directory}; start it with: make local"
        except (OSError, ValueError, TypeError) as error:
            problem = (
                f"{state_directory / _FILE} is damaged ({type(error).__name__}); run: make local-down && make local"
            )
        raise ConfigError(problem)

    def environment(self) -> Environment:
        """Return the Local environment's configuration on this cloud."""
        return Environment(
            name="Local",
            region=self.region,
            recovery_region=RECOVERY_REGION,
            account=Account(id=self.account, home_region=self.region, keep_data=False),
            database=Database(
                host=self.database_host,
                port=self.database_port,
                name=self.database_name,
                owner="alees_local_owner",
                logins=("alees_local_a", "alees_local_b"),
                admin_secret=self.admin_secret,
                certificate_authority=Path(self.certificate_authority),
            ),
            network=None,
            email=Ses(
                region=self.region,
                host="127.0.0.1",
                port=self.mail_port,
                certificate_authority=Path(self.mail_certificate_authority),
            ),
            api_services=(
                ApiService(name="partners", shard=1, provider=Internal()),
                ApiService(name="payments", shard=1, provider=self._provider()),
            ),
            operators=(IdentityCenterRole(permission_set="LocalOnCall"),),
            writers=(IdentityCenterRole(permission_set="LocalWriter"),),
            auditors=(IdentityCenterRole(permission_set="LocalAuditor"),),
            break_glass=(IamUser(name="local-break-glass"),),
            keep_data=False,
            log_retention_days=7,
            code_platform=CodePlatform.THIS_MACHINE,
        )

    def _provider(self) -> Http:
        """Return the calls of the local provider; local_cloud/provider/server.py answers them."""
        keys = f"{self.provider_url}/v1/keys"
        managed = {"Authorization": "Bearer {management.token}"}
        with_key = {"X-Api-Key": "{api_key}", "X-Api-Secret": "{api_secret}"}
        return Http(
            management=Management(secret=self.management_secret, fields=("token",)),
            create=Call(method="POST", url=keys, headers=managed, body={"name": "{name}"}),
            api_key="key.public",
            api_secret="key.secret",  # noqa: S106 - where the answer has it
            list=Call(method="GET", url=keys, headers=managed),
            listed=Listed(items="data", name="name", api_key="public", id="id", more="has_more"),
            revoke=Call(method="DELETE", url=f"{keys}/{{id}}", headers=managed),
            verify=Call(method="GET", url=f"{self.provider_url}/v1/account", headers=with_key),
            certificate_authority=Path(self.provider_authority),
        )
