"""``AleesSecrets{Env}``: database, JWT and e-mail secrets with keys, functions and schedules; access; alerts."""

from constructs import Construct, IDependable

from alees_secrets import naming
from alees_secrets.kinds import KindName
from config.access import DATABASE, HONEY, JWT, Duty
from config.email import Ses
from config.environment import EMAIL, Environment
from config.network import SecretsManagerRoute
from constructs_lib.access.grants import grant_declared
from constructs_lib.canary import Canary
from constructs_lib.declared_secret import DeclaredSecret, Schedule
from constructs_lib.reload import Reload
from constructs_lib.rotation_function import RotationFunction
from constructs_lib.secret_updates import SecretUpdates
from constructs_lib.secrets_manager_endpoint import SecretsManagerEndpoint
from constructs_lib.smtp_user import SmtpUser
from constructs_lib.watch_key import WatchKey
from stacks.access import Access
from stacks.domain import Domain
from stacks.environment import EnvironmentStack
from stacks.functions import database_function, email_function, jwt_function
from stacks.watching import add_watching

DATABASE_DAYS = 30
JWT_DAYS = 30
EMAIL_DAYS = 90


class SecretsStack(EnvironmentStack):
    """The secrets of one environment, but for its API keys; and the roles that use all of them."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            environment.stack_name,
            environment=environment,
            region=environment.region,
            description=f"Secrets of the Alees ERP in {environment.name}",
        )
        if environment.network is not None and environment.network.route is SecretsManagerRoute.CREATE_ENDPOINT:
            SecretsManagerEndpoint(self, "SecretsManagerEndpoint", network=environment.network)
        self._watch_key = WatchKey(
            self, "WatchKey", alias=naming.key_alias(environment.slug, "watch"), removal_policy=self.removal_policy
        ).key
        self._key_arns: dict[str, str] = {}
        self._functions: list[RotationFunction] = []
        self._add_database()
        self._add_jwt()
        self._add_email()
        self._add_access()
        add_watching(self, self._watch_key)
        self._tell_applications()

    def _add_database(self) -> None:
        function = database_function(self, self._watch_key)
        domain = self._domain(KindName.DATABASE, "DatabaseKey", DATABASE, HONEY)
        secret = domain.add("DatabaseSecret", DATABASE, "Credentials of the ERP's PostgreSQL")
        grant_declared(function.role, self.settings, Duty.DATABASE_ROTATION, self._key_arns)
        self._rotate(secret, function, DATABASE_DAYS)
        honey = domain.add("HoneySecret", HONEY, "Credentials of the administrator")
        honey.accept_no_rotation("Nobody uses or reads this secret; a try to read it is a sign of an intruder")

    def _add_jwt(self) -> None:
        function = jwt_function(self, self._watch_key)
        domain = self._domain(KindName.JWT, "JwtKey", JWT)
        secret = domain.add("JwtSecret", JWT, "The ERP's key for signing tokens")
        grant_declared(function.role, self.settings, Duty.JWT_ROTATION, self._key_arns)
        self._rotate(secret, function, JWT_DAYS)

    def _add_email(self) -> None:
        function = email_function(self, self._watch_key)
        domain = self._domain(KindName.EMAIL, "EmailKey", EMAIL)
        secret = domain.add("EmailSecret", EMAIL, "The ERP's mail server")
        grant_declared(function.role, self.settings, Duty.EMAIL_ROTATION, self._key_arns)
        email = self.settings.email
        if isinstance(email, Ses):
            user = self._add_smtp_user(email)
            user.grant_handle_keys(function.role)
            self._rotate(secret, function, EMAIL_DAYS, user)
        else:
            secret.accept_no_rotation("The mail server's operator issues these credentials; people set them by hand")
            self._functions.append(function)

    def _add_smtp_user(self, email: Ses) -> SmtpUser:
        return SmtpUser(
            self,
            "SmtpUser",
            user_name=naming.smtp_user(self.settings.slug),
            user_path=naming.role_path(self.settings.slug),
            sending=email,
            removal_policy=self.removal_policy,
        )

    def _domain(self, name: str, key_id: str, *paths: str) -> Domain:
        domain = Domain(self, name=name, key_id=key_id, paths=paths)
        self._key_arns[name] = domain.key.key_arn
        return domain

    def _rotate(self, secret: DeclaredSecret, function: RotationFunction, days: int, *after: IDependable) -> None:
        canary = Canary(secret, "Canary", function=function.function, secret_arns=[secret.secret.secret_arn])
        secret.rotate(
            Schedule(days=days, window_hours=self.settings.rotation_window_hours),
            function_arn=function.function.function_arn,
            after=(*function.ready, *after, canary),
        )
        self._functions.append(function)

    def _tell_applications(self) -> None:
        slug, reload = self.settings.slug, self.settings.reload
        prefix = naming.prefix(slug)
        SecretUpdates(
            self, "SecretUpdates", topic_name=naming.updates_topic(slug), name_prefix=prefix, key=self._watch_key
        )
        if reload is not None:
            Reload(
                self,
                "Reload",
                command=reload,
                name_prefix=prefix,
                role_name=naming.role_name(slug, "reload"),
                role_path=naming.role_path(slug),
            )

    def _add_access(self) -> None:
        settings = self.settings
        access = Access(self, key_arns=self._key_arns, functions=self._functions)
        access.add_application()
        access.add_people(Duty.OPERATOR, settings.operators)
        access.add_people(Duty.WRITER, settings.writers)
        access.add_people(Duty.AUDITOR, settings.auditors)
        access.add_people(Duty.BREAK_GLASS, settings.break_glass)
        if settings.iam_user:
            access.add_developer()
