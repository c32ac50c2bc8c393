"""``AleesSecrets{Env}``: the environment's secrets with their keys, functions, schedules and the application's role."""

from aws_cdk import RemovalPolicy, Stack, Tags
from constructs import Construct

from alees_secrets import naming
from alees_secrets.kinds import KindName
from config.environment import Environment
from constructs_lib.application_role import ApplicationRole
from constructs_lib.certificate_authority import read_certificates
from constructs_lib.function_package import function_package
from constructs_lib.referenced_secret import ReferencedSecret
from constructs_lib.rotated_secret import RotatedSecret, RotatedSecretProps, Schedule
from constructs_lib.rotation_function import RotationFunction, RotationFunctionProps
from constructs_lib.secret_key import SecretKey
from stacks.environment import stack_environment

DATABASE_ROTATION_DAYS = 30

_DATABASE = "database/credentials"


class SecretsStack(Stack):
    """The database secret of one environment, its rotation, and the role that reads it."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            environment.stack_name,
            env=stack_environment(environment),
            description=f"Secrets of the Alees ERP in {environment.name}",
            termination_protection=environment.keep_data,
        )
        self._environment = environment
        self._removal_policy = (
            RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if environment.keep_data else RemovalPolicy.DESTROY
        )
        Tags.of(self).add("alees:environment", environment.slug)
        self._application = ApplicationRole(
            self,
            "Application",
            role_name=naming.role_name(environment.slug, "application"),
            role_path=naming.role_path(environment.slug),
        )
        self._add_database()

    def _add_database(self) -> None:
        function = self._database_function()
        role_arns = [self._role_arn("database-rotation"), self._role_arn("application")]
        name = naming.SecretName(self._environment.slug, _DATABASE)
        pattern = name.arn_pattern(partition=self.partition, region=self.region, account=self.account)
        key = SecretKey(
            self,
            "DatabaseKey",
            alias=naming.key_alias(self._environment.slug, KindName.DATABASE),
            secret_arns=[pattern],
            role_arns=role_arns,
            removal_policy=self._removal_policy,
        )
        database = RotatedSecret(
            self,
            "DatabaseSecret",
            props=RotatedSecretProps(
                name=str(name),
                description=f"Credentials of the ERP's PostgreSQL in {self._environment.name}",
                key=key.key,
                reader_arns=role_arns,
                removal_policy=self._removal_policy,
            ),
        )
        database.grant_rotate(function.role)
        key.grant_read_write(function.role)
        self._application.grant_read([database.secret.secret_arn])
        key.grant_read(self._application.role)
        database.rotate(
            Schedule(days=DATABASE_ROTATION_DAYS, window_hours=self._environment.rotation_window_hours),
            function_arn=function.function.function_arn,
            after=function.ready,
        )

    def _database_function(self) -> RotationFunction:
        environment, settings = self._environment, self._environment.database
        function = RotationFunction(
            self,
            "DatabaseRotation",
            props=RotationFunctionProps(
                description=f"Rotates the credentials of the ERP's PostgreSQL in {environment.name}",
                handler="rotation_handlers.database.handler.handler",
                package=function_package(
                    "database",
                    platform=environment.code_platform,
                    certificates=read_certificates(settings.certificate_authority),
                ),
                environment={
                    "DATABASE_HOST": settings.host,
                    "DATABASE_PORT": str(settings.port),
                    "DATABASE_NAME": settings.name,
                    "DATABASE_SCHEMA": settings.schema,
                    "DATABASE_OWNER": settings.owner,
                    "DATABASE_LOGINS": ",".join(settings.logins),
                    "DATABASE_ADMIN_SECRET": settings.admin_secret,
                    "DATABASE_PASSWORD_LENGTH": str(settings.password_length),
                },
                role_name=naming.role_name(environment.slug, "database-rotation"),
                role_path=naming.role_path(environment.slug),
                network=environment.network,
                log_retention_days=environment.log_retention_days,
            ),
        )
        admin = ReferencedSecret(self, "AdminSecret", name=settings.admin_secret, key_arn=settings.admin_secret_key)
        admin.grant_read(function.role)
        return function

    def _role_arn(self, duty: str) -> str:
        """Return the ARN of one of the environment's roles, computed: a reference would tie keys to roles' lives."""
        slug = self._environment.slug
        return f"arn:{self.partition}:iam::{self.account}:role{naming.role_path(slug)}{naming.role_name(slug, duty)}"
