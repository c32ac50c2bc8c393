"""The calls that applications make."""

import contextlib
import hmac
from collections.abc import Mapping

from alees_secrets.errors import SecretNotFoundError, SecretNotInitializedError
from alees_secrets.kinds import check_fields, kind_of
from alees_secrets.naming import SecretName
from alees_secrets.settings import Settings
from alees_secrets.source import AwsSecretSource, SecretSource
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields


class SecretsManager:
    """The secrets of one environment. Threads may share it.

    A *name* is the path below the environment's prefix, such as ``database/credentials``; not an ARN. Its kind says
    which fields the secret has. Nothing is kept: each call asks AWS.

    Args:
        settings: Environment and region; read from environment variables by default, see Settings.from_environment.
        source: Where secrets come from; Secrets Manager in the settings' region by default.

    Raises:
        ConfigurationError: Environment variables are missing or wrong. Every call raises the subclass InvalidNameError
            for a name of no kind, before anything is sent.
        SecretNotFoundError: From every call but create_secret: there is no such secret, or it is being deleted.
        SecretAccessDeniedError: From every call: IAM, the secret's policy or its key's policy denies it.
        SecretUnavailableError: From every call: AWS did not answer, or there are no credentials.
    """

    def __init__(self, settings: Settings | None = None, *, source: SecretSource | None = None) -> None:
        settings = Settings.from_environment() if settings is None else settings
        self._environment = settings.environment
        self._source: SecretSource = AwsSecretSource(settings.region) if source is None else source

    def get_secret(self, name: str, *, stage: VersionStage = VersionStage.CURRENT) -> SecretFields:
        """Return the fields of a secret.

        Args:
            name: Such as ``database/credentials``.
            stage: Which version to read. Applications may read ``CURRENT`` and ``PREVIOUS``.

        Raises:
            SecretNotInitializedError: It still holds the placeholder that it was deployed with.
            SecretDamagedError: Its value is not a JSON object with the fields of its kind.
        """
        return self._source.read(self._named(name), stage)

    def accepts_api_key(self, service: str, api_key: str, api_secret: str) -> bool:
        """Tell whether a caller of the ERP has the key of *service*: AWSCURRENT's, or AWSPREVIOUS's if there is one.

        Comparisons take as long whatever is wrong, and both versions are compared even if the first one fits.

        Args:
            service: What stands in ``api/{service}/key``.
            api_key: As the caller sent it; any text.
            api_secret: As the caller sent it; any text.

        Raises:
            SecretNotInitializedError: The key was never rotated or set, so nobody has it.
            SecretDamagedError: A value is not a JSON object with the fields of its kind.
        """
        name = f"api/{service}/key"
        versions = [self.get_secret(name)]
        with contextlib.suppress(SecretNotFoundError, SecretNotInitializedError):
            versions.append(self.get_secret(name, stage=VersionStage.PREVIOUS))
        sent = (api_key.encode("utf-8", "surrogatepass"), api_secret.encode("utf-8", "surrogatepass"))
        accepted = False
        for fields in versions:
            key, secret = (fields[half].encode() for half in ("api_key", "api_secret"))
            accepted |= hmac.compare_digest(key, sent[0]) & hmac.compare_digest(secret, sent[1])
        return accepted

    def create_secret(self, name: str, fields: Mapping[str, str | int]) -> None:
        """Create a secret that is not declared in the deployment, all of it or nothing.

        It gets the key of its environment and kind, and tags that say who made it. It is not rotated.

        Args:
            name: Such as ``api/new-service/key``.
            fields: Exactly the fields of its kind.

        Raises:
            InvalidSecretError: The fields do not fit the kind; nothing was sent.
            SecretExistsError: There is a secret of this name, or one is scheduled for deletion.
        """
        self._source.create(*self._checked(name, fields))

    def update_secret(self, name: str, fields: Mapping[str, str | int]) -> None:
        """Replace the whole value of a secret that exists.

        The value before stays readable as AWSPREVIOUS. To Secrets Manager this counts as a rotation, and it abandons
        one that is under way. What the secret opens is not told of the new value.

        Args:
            name: Such as ``email/credentials``.
            fields: Exactly the fields of its kind.

        Raises:
            InvalidSecretError: The fields do not fit the kind; nothing was sent.
        """
        self._source.update(*self._checked(name, fields))

    def rotate_secret(self, name: str, *, version_id: str | None = None) -> str:
        """Start a rotation now, whatever the schedule says, and return without waiting for its end.

        The schedule stays as it is. Whether the rotation succeeded is for ``./alees-secrets status`` to say: until then
        get_secret returns the value before.

        Args:
            name: Such as ``jwt/credentials``.
            version_id: Version of a rotation that was left half-way, to take it up again. None starts a new one.

        Returns:
            Id of the version that becomes AWSCURRENT if the rotation succeeds.

        Raises:
            RotationRefusedError: Another rotation is under way, or none is set up for this secret.
        """
        return self._source.rotate(self._named(name), version_id)

    def _named(self, path: str) -> SecretName:
        name = SecretName(environment=self._environment, path=path)
        kind_of(path)
        return name

    def _checked(self, path: str, fields: Mapping[str, str | int]) -> tuple[SecretName, SecretFields]:
        name, copied = self._named(path), SecretFields(fields)
        check_fields(kind_of(path), copied)
        return name, copied
