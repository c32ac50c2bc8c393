"""The e-mail secret with Amazon SES: IAM's access keys, two at most, and a login at the mail server."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from alees_secrets.kinds import KindName
from alees_secrets.values import SecretFields
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.email.ses import SesKeys
from rotation_handlers.email.ses_password import smtp_password
from rotation_handlers.email.settings import SesSettings
from rotation_handlers.errors import Cause, RotationError
from rotation_handlers.issued.credential import IssuedCredential
from rotation_handlers.labels import REVOKED
from rotation_handlers.strategy import Strategy
from tests.fakes.iam import AccessKey, FakeIam
from tests.fakes.postgres import Server
from tests.fakes.secrets_manager import FakeSecretsManager
from tests.rehearsal.aws_calls import SeamClient, SeamIam
from tests.rehearsal.function import Function
from tests.rehearsal.points import Moment
from tests.rehearsal.seam import Seam
from tests.rehearsal.world import Value
from tests.unit.rotation_handlers.jwt.rotating import new_store

SETTINGS = SesSettings(host="email-smtp.test", port=587, region="eu-central-1", user="alees-local-smtp")


@dataclass(frozen=True, slots=True)
class EmailFunction:
    """The function; what it asks of IAM and the mail server is answered on the other side too.

    Attributes:
        strategy: Which strategy the keys rotate by.
    """

    strategy: type[IssuedCredential] = IssuedCredential

    def entry_point(self, seam: Seam) -> Callable[[object, LambdaContext], object]:
        client, iam = cast("Any", SeamClient(seam)), cast("Any", SeamIam(seam))

        def log_in(value: SecretFields) -> None:
            known = seam.passes("SMTP-login", lambda: seam.ask("smtp_login", {"value": dict(value)}), _lost)
            if not known:
                raise RotationError(Cause.AUTHENTICATION, "the mail server refused the login")

        def strategy(_name: str, deadline: Deadline) -> Strategy:
            keys = SesKeys(SETTINGS, deadline, iam, log_in, sleep=lambda _: None)
            return self.strategy(keys, KindName.EMAIL, sleep=lambda _: None)

        return lambda event, context: handle(event, context, client, strategy)


def _lost(_moment: Moment, _answer: object) -> RotationError:
    return RotationError(Cause.NETWORK, "the rehearsal broke the connection")


@dataclass
class MailAccount(FakeSecretsManager):
    """The account: the secret, the user's keys, and Amazon SES, which knows each active key at once."""

    iam: FakeIam = field(default_factory=FakeIam)

    def create_access_key(self, **arguments: Any) -> Any:
        return self.iam.create_access_key(**arguments)

    def list_access_keys(self, **arguments: Any) -> Any:
        return self.iam.list_access_keys(**arguments)

    def update_access_key(self, **arguments: Any) -> Any:
        return self.iam.update_access_key(**arguments)

    def delete_access_key(self, **arguments: Any) -> Any:
        return self.iam.delete_access_key(**arguments)

    def smtp_login(self, value: Value) -> bool:
        """Tell whether the mail server lets *value* in."""
        key = self.iam.keys.get(value["username"])
        return key is not None and key.active and value["password"] == smtp_password(key.secret, SETTINGS.region)


@dataclass
class EmailWorld:
    """A user that had no key."""

    store: FakeSecretsManager
    account: MailAccount
    function: Function = field(default_factory=EmailFunction)
    gap: Collection[str] = ()
    kept: dict[str, AccessKey] = field(default_factory=dict)

    def remember(self, values: Sequence[Value]) -> None:  # noqa: ARG002 - the keys themselves are kept
        self.kept = dict(self.account.iam.keys)

    def restore(self) -> None:
        self.account.iam.keys = dict(self.kept)

    def works(self, value: Value) -> bool:
        """Log in."""
        return self.account.smtp_login(value)

    def live_credentials(self) -> int:
        """Count the user's keys, inactive ones too: each of them takes one of IAM's two places."""
        return len(self.account.iam.keys)

    def orphans(self) -> int:
        """Count the keys that stand in no version that is in use; what is revoked should have ended."""
        in_use = {version for label, version in self.store.labels.items() if label != REVOKED}
        held = {self.store.fields(version).get("username") for version in in_use}
        return len(set(self.account.iam.keys) - held)


@contextmanager
def email_world(_server: Server) -> Iterator[EmailWorld]:
    """Make a secret that was never rotated, and its user."""
    store = new_store()
    account = MailAccount(values=store.values, labels=store.labels)
    yield EmailWorld(account, account)
