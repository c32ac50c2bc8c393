"""Secrets of every kind whose rotation stops at a step: what stops it there, and how to tell that a value works."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from botocore.exceptions import EndpointConnectionError

from alees_secrets.kinds import JwtAlgorithm, KindName
from alees_secrets.naming import SecretName
from alees_secrets.values import SecretFields
from config.services import Internal
from local_cloud.provider.server import ProviderHandler
from rotation_handlers.api_key.providers import http, internal
from rotation_handlers.api_key.service import Service
from rotation_handlers.by_hand import BY_HAND
from rotation_handlers.deadline import Deadline
from rotation_handlers.email.manual import ManualEmail
from rotation_handlers.email.ses import SesKeys
from rotation_handlers.email.ses_password import smtp_password
from rotation_handlers.email.settings import EmailSettings, SesSettings
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.handled_versions import HandledVersions
from rotation_handlers.issued.credential import IssuedCredential
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.jwt.settings import JwtSettings
from rotation_handlers.operations import Work
from rotation_handlers.rotation import Step, run_step
from rotation_handlers.strategy import Strategy
from rotation_handlers.versions import SecretVersions
from tests.fakes.hand import WHO
from tests.fakes.iam import FakeIam
from tests.fakes.lambda_context import FakeContext
from tests.fakes.postgres import Server
from tests.fakes.provider import failing, running_provider
from tests.fakes.rotations import ADMIN_SECRET, new_rotations
from tests.fakes.secrets_manager import ARN, FakeSecretsManager
from tests.unit.rotation_handlers.jwt.rotating import new_store, token_of, verifies

Obstacle = Callable[[], AbstractContextManager[object]]
Answer = Callable[[ProviderHandler], None]


@dataclass
class Stopping:
    """A secret, and what can stop its rotations.

    Attributes:
        strategy: Makes the kind's, as the function does in each invocation.
        works: Tells whether a value works at its target.
        live: Returns how many credentials the target accepts; None where it keeps no count.
        obstacles: What stands in the way of a step. Without one, the function dies before it.
        store: The secret.
    """

    strategy: Callable[[Deadline], Strategy]
    works: Callable[[dict[str, Any]], bool]
    live: Callable[[], int] | None = None
    obstacles: Mapping[Step, Obstacle] = field(default_factory=dict)
    store: FakeSecretsManager = field(default_factory=new_store)

    def start(self) -> str:
        """Do what RotateSecret does; return the token."""
        return self.store.start_new_rotation()

    def steps(self, token: str, steps: list[Step]) -> None:
        """Do some steps as the function would, with everything made anew in each."""
        for step in steps:
            deadline = Deadline(FakeContext())
            run_step(step, SecretVersions(cast("Any", self.store), ARN, token, deadline), self.strategy(deadline))

    def rotate(self) -> None:
        """Do a whole rotation."""
        self.steps(self.start(), list(Step))

    def obstacle(self, step: Step) -> AbstractContextManager[object] | None:
        """Return what stands in the way of *step*; None if nothing can but the function's death."""
        denied = {Step.CREATE: "PutSecretValue", Step.FINISH: "UpdateSecretVersionStage"}
        if step in self.obstacles:
            return self.obstacles[step]()
        return self._unanswered(denied[step]) if step in denied else None

    def do(self, operation: str, version: str) -> dict[str, object]:
        """Do an operation by hand."""
        deadline = Deadline(FakeContext())
        work = Work(
            operation=operation,
            request={**WHO, "VersionId": version},
            secret="alees/local/some/secret",
            versions=HandledVersions(cast("Any", self.store), ARN, deadline),
            strategy=self.strategy(deadline),
            deadline=deadline,
            sleep=lambda _: None,
        )
        return BY_HAND[operation](work)

    @contextmanager
    def _unanswered(self, call: str) -> Iterator[None]:
        def fail(operation: str) -> None:
            if operation == call:
                raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

        self.store.before = fail
        try:
            yield
        finally:
            self.store.before = None


@contextmanager
def database(server: Server, logins: int) -> Iterator[Stopping]:
    """Yield a database secret with so many logins."""
    with new_rotations(server) as rotations:
        rotations.settings = replace(rotations.settings, logins=rotations.settings.logins[:logins])

        @contextmanager
        def refused_admin() -> Iterator[None]:
            kept = rotations.store.others[ADMIN_SECRET]
            rotations.store.others[ADMIN_SECRET] = json.dumps({"username": "nobody", "password": "refused"})
            yield
            rotations.store.others[ADMIN_SECRET] = kept

        @contextmanager
        def unlike_logins() -> Iterator[None]:
            with server.as_admin(rotations.settings.name) as admin:
                admin.execute(f"ALTER ROLE {rotations.settings.logins[0]} CONNECTION LIMIT 50")
                yield
                admin.execute(f"ALTER ROLE {rotations.settings.logins[0]} CONNECTION LIMIT -1")

        def works(fields: dict[str, Any]) -> bool:
            rotations.login(fields).close()
            return True

        obstacles: dict[Step, Obstacle] = {Step.SET: refused_admin}
        if logins > 1:
            obstacles[Step.TEST] = unlike_logins
        yield Stopping(rotations.strategy, works, obstacles=obstacles, store=rotations.store)


@contextmanager
def jwt() -> Iterator[Stopping]:
    """Yield a JWT secret."""
    yield Stopping(
        lambda _: GeneratedKey(JwtSettings(algorithm=JwtAlgorithm.ES256)),
        lambda fields: verifies(token_of(fields), fields),
    )


@contextmanager
def internal_api_key() -> Iterator[Stopping]:
    """Yield the key of a service that Alees issues itself."""

    def strategy(deadline: Deadline) -> Strategy:
        return internal.strategy(
            Service(
                secret=SecretName.parse("alees/local/api/partners/key"),
                settings=Internal().settings(),
                certificates=None,
                read_management=lambda: SecretFields({}),
                deadline=deadline,
            )
        )

    yield Stopping(strategy, lambda fields: set(fields) == {"api_key", "api_secret"})


@contextmanager
def http_api_key(folder: Path, away: Step = Step.TEST, answer: Answer = failing) -> Iterator[Stopping]:
    """Yield the key of a service whose provider is a real server, and answers with *answer* to the step *away*."""
    with running_provider(folder) as provider:

        @contextmanager
        def failing_provider() -> Iterator[None]:
            provider.answer["GET"] = answer
            yield
            del provider.answer["GET"]

        yield Stopping(
            lambda deadline: http.strategy(provider.service(deadline)),
            lambda fields: provider.keys.accept(fields["api_key"], fields["api_secret"]),
            lambda: len(provider.keys.live),
            {away: failing_provider},
        )


@contextmanager
def ses(stops: Step = Step.TEST) -> Iterator[Stopping]:
    """Yield the e-mail secret where Amazon SES takes the access keys of an IAM user, with an obstacle at one step."""
    iam, away = FakeIam(), [False]
    settings = SesSettings(host="email-smtp.test", port=587, region="eu-central-1", user=iam.user)

    def works(fields: Mapping[str, Any]) -> bool:
        key = iam.keys.get(fields["username"])
        return key is not None and key.active and fields["password"] == smtp_password(key.secret, "eu-central-1")

    def log_in(value: SecretFields) -> None:
        if away[0]:
            raise RotationError(Cause.NETWORK, "it is away")
        if not works(value):
            raise RotationError(Cause.PROVIDER, "refused")

    @contextmanager
    def away_server() -> Iterator[None]:
        away[0] = True
        yield
        away[0] = False

    @contextmanager
    def denied_list() -> Iterator[None]:
        iam.refusals["ListAccessKeys"] = "AccessDenied"
        yield
        iam.refusals.clear()

    obstacles: dict[Step, Obstacle] = {Step.CREATE: denied_list, Step.TEST: away_server}
    yield Stopping(
        lambda deadline: IssuedCredential(SesKeys(settings, deadline, cast("Any", iam), log_in), KindName.EMAIL),
        works,
        lambda: len(iam.keys),
        {stops: obstacles[stops]},
    )


@contextmanager
def mail_by_hand() -> Iterator[Stopping]:
    """Yield the e-mail secret where people set it: somebody asked for a rotation all the same."""
    value = {"host": "smtp.test", "port": 587, "username": "somebody", "password": "right"}
    store = FakeSecretsManager(values={"first": json.dumps(value)}, labels={"AWSCURRENT": "first"})
    settings = EmailSettings(ses=None, certificate_authority=None)
    yield Stopping(lambda deadline: ManualEmail(settings, deadline), lambda fields: fields == value, store=store)
