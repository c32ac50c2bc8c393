"""What one environment is."""

from dataclasses import dataclass
from enum import StrEnum

from alees_secrets.naming import check_environment
from config.checks import check_pattern, check_range
from config.database import Database
from config.errors import refuse

LOG_RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""What CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays)."""


class CodePlatform(StrEnum):
    """Which machine the rotation functions' packages are built for."""

    LAMBDA = "lambda"
    """AWS Lambda on arm64."""

    THIS_MACHINE = "this-machine"
    """The interpreter that runs the synthesis; for the local AWS, which runs functions in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Network:
    """The part of an existing VPC that rotation functions run in, so that they reach the database.

    Attributes:
        vpc_id: The VPC.
        subnet_ids: Subnets with a way to Secrets Manager and KMS: a NAT gateway or interface endpoints.
        security_group_id: A group that the database's own group admits.
    """

    vpc_id: str
    subnet_ids: tuple[str, ...]
    security_group_id: str

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.network``."""
        check_pattern(
            f"{field}.vpc_id", self.vpc_id, r"vpc-[0-9a-f]{8,17}", "a VPC's id, such as vpc-0123456789abcdef0"
        )
        if not self.subnet_ids:
            refuse(f"{field}.subnet_ids", self.subnet_ids, "one subnet id or more")
        for subnet in self.subnet_ids:
            check_pattern(
                f"{field}.subnet_ids", subnet, r"subnet-[0-9a-f]{8,17}", "ids such as subnet-0123456789abcdef0"
            )
        check_pattern(
            f"{field}.security_group_id",
            self.security_group_id,
            r"sg-[0-9a-f]{8,17}",
            "an id such as sg-0123456789abcdef0",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """One deployment of the ERP's secrets.

    Attributes:
        name: Capitalized, such as ``Prod``; its stack is ``AleesSecretsProd``, its secrets are ``alees/prod/...``.
        region: Where the secrets are.
        account: Twelve digits. None takes the account of the credentials at deploy time; refused for Staging and Prod,
            so that a shell with other credentials does not deploy a second one.
        database: The ERP's PostgreSQL.
        network: Where rotation functions run. None runs them outside any VPC.
        keep_data: Keep secrets and keys when they leave the stack, and protect the stack from deletion. Dev and Local
            say False.
        rotation_window_hours: How long after it is due Secrets Manager may start a rotation.
        log_retention_days: How long the functions' logs are kept.
        code_platform: Which machine the functions' packages are built for.

    Raises:
        ConfigError: A value is not allowed.
    """

    name: str
    region: str
    account: str | None
    database: Database
    network: Network | None
    keep_data: bool = True
    rotation_window_hours: int = 3
    log_retention_days: int = 365
    code_platform: CodePlatform = CodePlatform.LAMBDA

    def __post_init__(self) -> None:
        check_pattern(
            "name", self.name, r"[A-Z][a-z0-9]{1,15}", "a capital and 1 to 15 lower-case letters, such as Prod"
        )
        check_environment(self.slug)
        check_pattern(
            f"{self.name}.region", self.region, r"[a-z]{2}(-[a-z]+)+-\d", "an AWS region, such as eu-central-1"
        )
        if self.account is not None:
            check_pattern(f"{self.name}.account", self.account, r"\d{12}", "twelve digits in quotes")
        elif self.name in {"Staging", "Prod"}:
            refuse(f"{self.name}.account", None, "twelve digits in quotes: Staging and Prod must name their account")
        self.database.check(f"{self.name}.database")
        if self.network is not None:
            self.network.check(f"{self.name}.network")
        check_range(f"{self.name}.rotation_window_hours", self.rotation_window_hours, 1, 24, "a whole number of hours")
        if self.log_retention_days not in LOG_RETENTION_DAYS:
            refuse(
                f"{self.name}.log_retention_days",
                self.log_retention_days,
                f"one of {', '.join(map(str, LOG_RETENTION_DAYS))}",
            )

    @property
    def slug(self) -> str:
        """Return the lower-case name that stands in secrets' names, such as ``prod``."""
        return self.name.lower()

    @property
    def stack_name(self) -> str:
        """Return the name of the environment's stack of secrets, such as ``AleesSecretsProd``."""
        return f"AleesSecrets{self.name}"

    @property
    def secret_paths(self) -> tuple[str, ...]:
        """Return the paths of the secrets that the environment declares."""
        return ("database/credentials",)
