"""``AleesSecrets{Env}``: database, JWT and e-mail secrets with keys, functions and schedules; access; alerts."""

from constructs import Construct

from alees_secrets import naming
from alees_secrets.kinds import KindName
from config.environment import Environment
from config.network import SecretsManagerRoute
from constructs_lib.accepted_findings import accept, nag_text
from constructs_lib.alerts import Alerts
from constructs_lib.application_role import ApplicationRole
from constructs_lib.canary import Canary
from constructs_lib.declared_secret import DeclaredSecret, Schedule
from constructs_lib.operator_role import OperatorRole
from constructs_lib.rotation_function import RotationFunction
from constructs_lib.secret_key import grant_read_by_alias
from constructs_lib.secrets_manager_endpoint import SecretsManagerEndpoint
from constructs_lib.watch_key import WatchKey
from stacks.api_keys import api_domain
from stacks.domain import APPLICATION, Domain, secret_pattern
from stacks.environment import EnvironmentStack
from stacks.functions import database_function, jwt_function

DATABASE_DAYS = 30
JWT_DAYS = 30

_DATABASE = "database/credentials"
_JWT = "jwt/credentials"
_EMAIL = "email/credentials"


class SecretsStack(EnvironmentStack):
    """The secrets of one environment, but for its API keys; and the role that reads all of them."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            environment.stack_name,
            environment=environment,
            region=environment.region,
            description=f"Secrets of the Alees ERP in {environment.name}",
        )
        self._application = ApplicationRole(
            self,
            "Application",
            role_name=naming.role_name(environment.slug, APPLICATION),
            role_path=naming.role_path(environment.slug),
        )
        if environment.network is not None and environment.network.route is SecretsManagerRoute.CREATE_ENDPOINT:
            SecretsManagerEndpoint(self, "SecretsManagerEndpoint", network=environment.network)
        self._watch_key = WatchKey(
            self, "WatchKey", alias=naming.key_alias(environment.slug, "watch"), removal_policy=self.removal_policy
        ).key
        self._rotated: list[str] = []
        self._functions: list[str] = []
        self._readable = [secret_pattern(self, service.path) for service in environment.api_services]
        self._add_database()
        self._add_jwt()
        self._add_email()
        self._let_application_read()
        self._add_alerts()
        if environment.operators:
            self._add_operator()

    def _add_database(self) -> None:
        function = database_function(self, self._watch_key)
        domain = Domain(
            self, name=KindName.DATABASE, key_id="DatabaseKey", paths=[_DATABASE], duties=["database-rotation"]
        )
        secret = domain.add("DatabaseSecret", _DATABASE, "Credentials of the ERP's PostgreSQL")
        self._rotate(domain, secret, function, DATABASE_DAYS)

    def _add_jwt(self) -> None:
        function = jwt_function(self, self._watch_key)
        domain = Domain(self, name=KindName.JWT, key_id="JwtKey", paths=[_JWT], duties=["jwt-rotation"])
        secret = domain.add("JwtSecret", _JWT, "The ERP's key for signing tokens")
        self._rotate(domain, secret, function, JWT_DAYS)

    def _add_email(self) -> None:
        domain = Domain(self, name=KindName.EMAIL, key_id="EmailKey", paths=[_EMAIL])
        secret = domain.add("EmailSecret", _EMAIL, "The ERP's mail server")
        secret.accept_no_rotation("The mail server's operator issues these credentials; people set them by hand")
        self._let_read(domain, secret)

    def _let_read(self, domain: Domain, secret: DeclaredSecret) -> None:
        domain.key.grant_read(self._application.role)
        self._readable.append(secret.secret.secret_arn)

    def _let_application_read(self) -> None:
        """Allow the application every secret in one grant; API keys are in stacks of their own, so by patterns."""
        self._application.grant_read(self._readable)
        services, shards = self.settings.api_services, self.settings.shards
        if services:
            grant_read_by_alias(
                self._application.role,
                self,
                aliases=[naming.key_alias(self.settings.slug, api_domain(shard)) for shard in shards],
                secret_arns=[secret_pattern(self, service.path) for service in services],
            )

    def _rotate(self, domain: Domain, secret: DeclaredSecret, function: RotationFunction, days: int) -> None:
        secret.grant_rotate(function.role)
        domain.key.grant_read_write(function.role)
        self._let_read(domain, secret)
        canary = Canary(secret, "Canary", function=function.function, secret_arns=[secret.secret.secret_arn])
        secret.rotate(
            Schedule(days=days, window_hours=self.settings.rotation_window_hours),
            function_arn=function.function.function_arn,
            after=(*function.ready, canary),
        )
        self._rotated.append(secret.secret.secret_arn)
        self._functions.append(function.function.function_arn)

    def _add_alerts(self) -> None:
        alerts = Alerts(self, "Alerts", key=self._watch_key)
        prefix = naming.prefix(self.settings.slug)
        place = f"{self.region}:{self.account}"
        alerts.on_failed_rotation(f"arn:{self.partition}:secretsmanager:{place}:secret:{prefix}")
        functions = f"arn:{self.partition}:lambda:{place}:function:{self.stack_name}"
        alerts.on_failed_canary(f"{functions}-", f"{functions}Api")

    def _add_operator(self) -> None:
        operator = OperatorRole(
            self,
            "Operator",
            role_name=naming.role_name(self.settings.slug, "operator"),
            role_path=naming.role_path(self.settings.slug),
            trusted=self.settings.operators,
        )
        # API keys and their functions are in stacks of their own, so by patterns.
        keys = [secret_pattern(self, service.path) for service in self.settings.api_services]
        names = [f"lambda:{self.region}:%s:function:{self.stack_name}Api{shard:02}-*" for shard in self.settings.shards]
        functions = [f"arn:{self.partition}:{name % self.account}" for name in names]
        operator.grant_operate(
            described=self._readable, rotated=[*self._rotated, *keys], functions=[*self._functions, *functions]
        )
        findings = [
            f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:{name % nag_text(self.account)}]" for name in names
        ]
        reason = "Functions have generated names; the stack of a shard holds its rotation function and no other"
        accept(operator.role.node.find_child("DefaultPolicy"), dict.fromkeys(findings, reason))
