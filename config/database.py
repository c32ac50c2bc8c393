"""Where an environment's PostgreSQL is, and which roles rotation keeps in it."""

from dataclasses import dataclass
from pathlib import Path

from alees_secrets.kinds import KINDS, KindName
from config.checks import check_database_role, check_host, check_pattern, check_range
from config.errors import refuse


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """One PostgreSQL database and its roles.

    Attributes:
        host: Host name that the server's certificate names; connections verify it (sslmode=verify-full).
        port: TCP port.
        name: Name of the database.
        owner: NOLOGIN role that owns what the ERP makes. Created by the first rotation if missing. Roles belong to the
            whole server: environments that share one must name different ones.
        logins: The two login roles that rotation alternates between. Created when missing. One alone, for an
            application that cannot take another user name, has its password replaced, and for a moment at each
            rotation neither password works; see docs/adr/0009.
        schema: Schema in which the owner may create objects. Must exist; ``public`` does in a new database.
        admin_secret: Name of the secret that holds username and password of a CREATEROLE role. Not made here: RDS
            manages it, or you create it. Encrypted with the account's ``aws/secretsmanager`` key unless
            admin_secret_key says otherwise.
        admin_secret_key: ARN of the KMS key of the admin secret, when it is a customer managed one.
        certificate_authority: PEM file to verify the server with. The default is the certificate bundle of
            Amazon RDS (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html).
        password_length: Characters of a generated password.
    """

    host: str
    port: int = 5432
    name: str
    owner: str
    logins: tuple[str, ...]
    schema: str = "public"
    admin_secret: str
    admin_secret_key: str | None = None
    certificate_authority: Path | None = None
    password_length: int = 48

    @property
    def takes_turns(self) -> bool:
        """Tell whether two logins take turns; a single one's password is replaced."""
        return len(self.logins) > 1

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.database``."""
        check_host(f"{field}.host", self.host)
        check_range(f"{field}.port", self.port, 1, 65535, "a port number")
        check_pattern(f"{field}.name", self.name, r"[^\x00/\\]{1,63}", "a database name of 1 to 63 characters")
        check_database_role(f"{field}.owner", self.owner)
        for number, login in enumerate(self.logins):
            check_database_role(f"{field}.logins[{number}]", login)
        if len(self.logins) not in {1, 2} or len({self.owner, *self.logins}) != 1 + len(self.logins):
            refuse(f"{field}.logins", self.logins, "two different names or one alone, neither of them the owner's")
        check_database_role(f"{field}.schema", self.schema)
        check_pattern(
            f"{field}.admin_secret",
            self.admin_secret,
            r"[A-Za-z0-9/_+=.@!-]{1,512}",
            "the name (not the ARN) of a secret, such as rds!db-1234",
        )
        if self.admin_secret_key is not None:
            check_pattern(
                f"{field}.admin_secret_key", self.admin_secret_key, r"arn:aws[a-z-]*:kms:.+:key/.+", "a key's ARN"
            )
        lowest, highest = KINDS[KindName.DATABASE].generated["password"]
        check_range(f"{field}.password_length", self.password_length, lowest, highest, "a number of characters")
