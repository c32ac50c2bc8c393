"""What one environment is."""

from dataclasses import dataclass
from enum import StrEnum

from alees_secrets.kinds import JwtAlgorithm
from alees_secrets.naming import check_environment
from config.account import Account
from config.checks import check_known_network, check_one_of, check_pattern, check_range, check_region
from config.database import Database
from config.email import Email, Ses
from config.errors import refuse
from config.network import Network
from config.people import TrustedPrincipal
from config.reload import ReloadCommand
from config.services import ApiService
from config.subscriptions import AlertSubscription

LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365),
    *(400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays)."""


EMAIL = "email/credentials"

_ROTATED = ("database/credentials", "jwt/credentials")

MANAGEMENT_ROOM = 7_000
"""Characters, in the policy of a shard's function, for the ARNs of management secrets and of the keys that encrypt
them. IAM allows 10,240 for all of it
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""

_AROUND, _RECKONED = 80, 150
"""Characters of a secret's ARN in a policy besides its name; what the CDK reckons for any ARN, before it moves
statements that do not fit to policies that it makes itself."""


class CodePlatform(StrEnum):
    """Which machine the rotation functions' packages are built for."""

    LAMBDA = "lambda"
    """AWS Lambda on arm64."""

    THIS_MACHINE = "this-machine"
    """The interpreter that runs the synthesis; for the local AWS, which runs functions in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Environment:
    """One deployment of the ERP's secrets.

    Attributes:
        name: Capitalized, such as ``Prod``; its stack is ``AleesSecretsProd``, its secrets are ``alees/prod/...``.
        region: Where the secrets are.
        recovery_region: Where their replicas and backups are.
        account: Staging and Prod must name theirs.
        database: The ERP's PostgreSQL.
        network: Where rotation functions run, but for the e-mail function (docs/adr/0013). None runs them outside any
            VPC.
        email: Who issues the credentials of the mail server.
        api_services: Services with an API key.
        jwt_algorithm: What new tokens are signed with, from the next rotation on.
        operators: Who may take on the operator's role, which starts rotations and reads no value. There is no such role
            without them.
        reload: Commands for applications that do not read their secrets again by themselves; None runs none.
        writers: Who may take on the role that creates and writes secrets and reads no value; likewise.
        auditors: Who may take on the role that describes secrets and reads their policies; likewise.
        break_glass: Who may take on, in an emergency and for an hour, the role that may do everything to secrets;
            likewise.
        alert_subscriptions: Who is told of alerts; Staging and Prod must name somebody, Prod better two that do not
            fail together.
        iam_user: Make the IAM user whose access keys developers put into environment variables. Dev alone may have it.
        known_networks: Where the application and the functions in the network read values from: address ranges such as
            10.1.0.0/16, public addresses of NAT gateways among them, and ids of VPC endpoints. A read from elsewhere is
            told. None tells none.
        keep_data: Keep secrets, keys and buckets when they leave a stack, and protect stacks from deletion. Dev and
            Local say False.
        rotation_window_hours: How long after it is due Secrets Manager may start a rotation.
        log_retention_days: How long the functions' logs are kept.
        code_platform: Which machine the functions' packages are built for.

    Raises:
        ConfigError: A value is not allowed.
    """

    name: str
    region: str
    recovery_region: str
    account: Account
    database: Database
    network: Network | None
    email: Email
    api_services: tuple[ApiService, ...] = ()
    jwt_algorithm: JwtAlgorithm = JwtAlgorithm.HS512
    operators: tuple[TrustedPrincipal, ...] = ()
    reload: ReloadCommand | None = None
    writers: tuple[TrustedPrincipal, ...] = ()
    auditors: tuple[TrustedPrincipal, ...] = ()
    break_glass: tuple[TrustedPrincipal, ...] = ()
    alert_subscriptions: tuple[AlertSubscription, ...] = ()
    iam_user: bool = False
    known_networks: tuple[str, ...] = ()
    keep_data: bool = True
    rotation_window_hours: int = 3
    log_retention_days: int = 365
    code_platform: CodePlatform = CodePlatform.LAMBDA

    def __post_init__(self) -> None:
        check_pattern(
            "name", self.name, r"[A-Z][a-z0-9]{1,15}", "a capital and 1 to 15 lower-case letters, such as Prod"
        )
        check_environment(self.slug)
        check_region(f"{self.name}.region", self.region)
        check_region(f"{self.name}.recovery_region", self.recovery_region)
        if self.recovery_region == self.region:
            refuse(f"{self.name}.recovery_region", self.recovery_region, f"a region other than {self.region}")
        if self.account.id is None and self.name in {"Staging", "Prod"}:
            refuse(f"{self.name}.account.id", None, "twelve digits in quotes: Staging and Prod must name their account")
        if self.region != self.account.home_region:
            refuse(
                f"{self.name}.region",
                self.region,
                f"the account's home region {self.account.home_region}, where the trail's log group is",
            )
        if self.keep_data and not self.account.keep_data:
            refuse(
                f"{self.name}.account.keep_data", self.account.keep_data, "True, since the environment keeps its data"
            )
        self.database.check(f"{self.name}.database")
        if self.network is not None:
            self.network.check(f"{self.name}.network")
        self.email.check(f"{self.name}.email")
        if self.reload is not None:
            self.reload.check(f"{self.name}.reload")
        for service in self.api_services:
            service.check(f"{self.name}.api_services")
        names = [service.name for service in self.api_services]
        if len(set(names)) < len(names):
            refuse(f"{self.name}.api_services", names, "each service once")
        self._check_shards()
        self._check_people()
        self._check_subscriptions()
        for network in self.known_networks:
            check_known_network(f"{self.name}.known_networks", network)
        check_one_of(f"{self.name}.jwt_algorithm", self.jwt_algorithm, tuple(JwtAlgorithm))
        check_range(f"{self.name}.rotation_window_hours", self.rotation_window_hours, 1, 24, "a whole number of hours")
        check_one_of(f"{self.name}.log_retention_days", self.log_retention_days, LOG_RETENTION_DAYS)

    def _check_shards(self) -> None:
        for shard in self.shards:
            providers = (each.provider for each in self.api_services if each.shard == shard)
            managed = {each.management.secret: each.management for each in providers if each.management}
            keys = {each.secret_key for each in managed.values() if each.secret_key}
            # Where there is a key, the secrets are named again, for its use.
            needed = sum(max(_RECKONED, _AROUND + len(name)) for name in managed) * (2 if keys else 1) + sum(
                map(len, keys)
            )
            if needed > MANAGEMENT_ROOM:
                what = f"{len(managed)} management secrets and {len(keys)} keys"
                got = f"{needed} characters of ARNs of {what}, shard {shard}"
                refuse(f"{self.name}.api_services", got, f"at most {MANAGEMENT_ROOM}: put some into the next shard")

    def _check_people(self) -> None:
        for group in ("operators", "writers", "auditors", "break_glass"):
            for number, person in enumerate(getattr(self, group)):
                person.check(f"{self.name}.{group}[{number}]")
        if self.iam_user and self.name != "Dev":
            refuse(f"{self.name}.iam_user", value=True, allowed="False: only Dev has a user with access keys")

    def _check_subscriptions(self) -> None:
        field = f"{self.name}.alert_subscriptions"
        for number, subscription in enumerate(self.alert_subscriptions):
            subscription.check(f"{field}[{number}]")
        if len(set(self.alert_subscriptions)) < len(self.alert_subscriptions):
            refuse(field, self.alert_subscriptions, "each subscription once")
        if not self.alert_subscriptions and self.name in {"Staging", "Prod"}:
            refuse(field, (), "at least one: an alert that nobody gets is none")

    @property
    def slug(self) -> str:
        """Return the lower-case name that stands in secrets' names, such as ``prod``."""
        return self.name.lower()

    @property
    def stack_name(self) -> str:
        """Return the name of the environment's stack of secrets, such as ``AleesSecretsProd``."""
        return f"AleesSecrets{self.name}"

    @property
    def shards(self) -> tuple[int, ...]:
        """Return the numbers of the stacks of API keys, in order."""
        return tuple(sorted({service.shard for service in self.api_services}))

    @property
    def rotated_paths(self) -> tuple[str, ...]:
        """Return the paths of the secrets that Secrets Manager rotates by schedule."""
        mail = (EMAIL,) if isinstance(self.email, Ses) else ()
        return (*_ROTATED, *mail, *(service.path for service in self.api_services))

    @property
    def secret_paths(self) -> tuple[str, ...]:
        """Return the paths of the secrets that the environment declares."""
        return (*_ROTATED, EMAIL, *(service.path for service in self.api_services))

    @property
    def by_hand_functions(self) -> dict[str, str]:
        """Return path to name of the functions that Secrets Manager does not know, since it never starts them.

        What people set is verified by them, so the command line has to find them.
        """
        return {} if isinstance(self.email, Ses) else {EMAIL: f"{self.stack_name}-EmailByHand"}
