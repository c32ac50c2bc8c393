"""The calls that applications make."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import final

from alees_secrets.api_key_check import accepts
from alees_secrets.cache import Cache
from alees_secrets.jwt_keys import JwtKey
from alees_secrets.jwt_ring import JwtRing
from alees_secrets.kinds import check_fields, kind_of
from alees_secrets.naming import SecretName
from alees_secrets.policy import DEFAULT_POLICY, CachePolicy
from alees_secrets.public_keys import Jwk
from alees_secrets.rotation_progress import Progress, wait_for_rotation
from alees_secrets.settings import Settings
from alees_secrets.shared import SharedInstances
from alees_secrets.source import AwsSecretSource, SecretSource
from alees_secrets.stages import VersionStage, stage_of
from alees_secrets.values import SecretFields
from alees_secrets.versions import SecretVersion, token_of

_CURRENT = VersionStage.CURRENT  # a member of an enumeration takes longer to look up than the value of a secret

_Write = Callable[[SecretName, SecretFields, str], None]


@final
class SecretsManager(metaclass=SharedInstances):
    """The secrets of one environment. Threads and forked processes may share it.

    A *name* is the path below the environment's prefix, such as ``database/credentials``; not an ARN. Its kind says
    which fields the secret has. Values are kept in memory: see CachePolicy.

    Without a source, the same settings and policy give the same object, and the environment is read once per process.

    Args:
        settings: Environment and region; read from environment variables by default, see Settings.from_environment.
        source: Where secrets come from; Secrets Manager in the settings' region by default.
        policy: For how long values are kept.
        clock: Monotonic seconds; for tests, with a source.
        wall: Seconds since 1970, to compare with when a version was made; for tests, with a source.

    Raises:
        ConfigurationError: Environment variables are missing or wrong. Every call raises the subclass InvalidNameError
            for a name of no kind, before anything is sent.
        SecretNotFoundError: From every call but create_secret: there is no such secret, or it is being deleted.
        SecretAccessDeniedError: From every call: IAM, the secret's policy or its key's policy denies it.
        SecretUnavailableError: From every call: AWS did not answer, or there are no credentials.
    """

    __slots__ = ("__weakref__", "_cache", "_clock", "_current", "_environment", "_ring", "_source", "_wall")

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        source: SecretSource | None = None,
        policy: CachePolicy | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        settings = settings or Settings.from_environment()
        self._environment = settings.environment
        self._source: SecretSource = source or AwsSecretSource(settings.region)
        self._clock, self._wall = clock, wall
        policy = policy or DEFAULT_POLICY
        self._cache = Cache(settings.environment, self._source, policy, clock)
        self._current = self._cache.kept[VersionStage.CURRENT]
        self._ring = JwtRing(self._cache, policy, clock, wall)

    def get_secret(self, name: str, stage: VersionStage = VersionStage.CURRENT) -> SecretFields:
        """Return the fields of a secret.

        From memory when it was read before: at once, whatever AWS does. A value that is due is read again in the
        background. The first read, and one of a value that became too old, asks AWS, one thread for all.

        Args:
            name: Such as ``database/credentials``.
            stage: Which version to read. Applications may read ``CURRENT`` and ``PREVIOUS``. ``PENDING`` is never
                kept: each call asks AWS.

        Raises:
            SecretNotInitializedError: It still holds the placeholder that it was deployed with.
            SecretDamagedError: Its value is not a JSON object with the fields of its kind.
            SecretUnavailableError: AWS did not answer, and nothing young enough is kept.
        """
        # The path of every request: nothing but this. Were stage an argument by name alone, or the clock called as a
        # method, each would take a tenth more.
        if stage is _CURRENT:
            try:
                kept, clock = self._current[name], self._clock
                if clock() < kept.due:
                    return kept.fields
            except KeyError:
                pass
        named, stage = self._named(name), stage_of(stage)
        if stage is VersionStage.PENDING:
            return self._source.read(named, stage).fields
        return self._cache.read((name, stage)).fields

    def preload(self, names: Iterable[str]) -> None:
        """Read secrets that a process will need, 20 of them with one request.

        Raises:
            SecretsError: One of them cannot be read; the others were.
        """
        keys = [(self._named(name).path, VersionStage.CURRENT) for name in names]
        for error in self._cache.preload(keys).values():
            raise error

    def refresh(self, name: str, *, refused: SecretFields | None = None) -> bool:
        """Ask AWS now, because what a secret opens refused it. It never sleeps.

        At most every refresh_interval_seconds for each secret, unless the last time brought another version.

        Args:
            name: Such as ``database/credentials``.
            refused: What was refused. When get_secret returns another value by now, since another thread had it read,
                AWS is not asked: that would be in vain, and hold up the answer to the next refusal.

        Returns:
            Whether the value was read again, by this call or another thread's, or is another than *refused*.
        """
        return self._cache.refresh(self._named(name).path, refused)

    def age(self, name: str, *, stage: VersionStage = VersionStage.CURRENT) -> float | None:
        """Return the seconds since AWS last confirmed the value that is kept; None if none is."""
        return self._cache.age((self._named(name).path, stage_of(stage)))

    def accepts_api_key(self, service: str, api_key: str, api_secret: str) -> bool:
        """Tell whether a caller of the ERP has the key of *service*: AWSCURRENT's, or AWSPREVIOUS's if there is one.

        Comparisons take as long whatever is wrong. A key that is refused has the versions refreshed once.

        Args:
            service: What stands in ``api/{service}/key``, from the application's own list: each name that AWS does not
                know costs the caller's thread a request, and is SecretNotFoundError.
            api_key: As the caller sent it; any text.
            api_secret: As the caller sent it; any text.
        """
        sent = SecretFields({"api_key": api_key, "api_secret": api_secret})
        del api_key, api_secret  # from here on, no frame of an error's traceback shows them
        cache, path = self._cache, self._named(f"api/{service}/key").path
        return accepts(lambda stage: cache.read_revocable((path, stage)), lambda old: cache.refresh(path, old), sent)

    def signing_key(self) -> JwtKey:
        """Return the key of ``jwt/credentials`` to sign tokens with; put its kid into their headers.

        A new key signs when every process can know it; until then the one before does. When the one before was revoked,
        the new one signs at once.

        Raises:
            SecretUnavailableError: AWS has not confirmed the keys for revocation_seconds: they may have been revoked.
        """
        return self._ring.signing_key()

    def verification_keys(self) -> Sequence[JwtKey]:
        """Return the keys whose tokens are accepted, AWSCURRENT's first; errors as for signing_key."""
        return self._ring.verification_keys()

    def verification_key(self, kid: str) -> JwtKey:
        """Return the key that a token's header names. A kid that is unknown has the keys refreshed once.

        Raises:
            UnknownKeyError: No key in use has this kid: refuse the token. Other errors as for signing_key.
        """
        return self._ring.verification_key(kid)

    def jwks(self) -> dict[str, list[Jwk]]:
        """Return the public keys as a JSON Web Key Set (RFC 7517) to publish; it needs the extra ``jwt``.

        HMAC keys are left out. Errors as for signing_key.
        """
        return self._ring.jwks()

    def create_secret(self, name: str, fields: Mapping[str, str | int], *, token: str | None = None) -> str:
        """Create a secret that is not declared in the deployment, all of it or nothing.

        It gets the key of its environment and kind, which keeps its value from strangers, and tags that say who made
        it. It has no policy of its own, and is not rotated.

        Args:
            name: Such as ``api/new-service/key``.
            fields: Exactly the fields of its kind.
            token: Id for the new version, a UUID. After a SecretUnavailableError, call again with the same one: if the
                first call did it, the second does nothing. A new one by default.

        Returns:
            Id of the new version.

        Raises:
            ConfigurationError: The token has not 32 to 64 characters; nothing was sent.
            InvalidSecretError: The fields do not fit the kind; nothing was sent.
            SecretExistsError: There is a secret of this name, or one is scheduled for deletion.
        """
        fields = SecretFields(fields)  # from here on, no frame of an error's traceback shows values
        return self._write(name, fields, token, self._source.create)

    def update_secret(self, name: str, fields: Mapping[str, str | int], *, token: str | None = None) -> str:
        """Replace the whole value of a secret that exists.

        The value before stays readable as AWSPREVIOUS. To Secrets Manager this counts as a rotation, and it abandons
        one that is under way. What the secret opens is not told of the new value.

        Arguments, result and what is raised before anything is sent as for create_secret.
        """
        fields = SecretFields(fields)
        return self._write(name, fields, token, self._source.update)

    def rotate_secret(
        self, name: str, *, version_id: str | None = None, wait: float | None = None, progress: Progress | None = None
    ) -> str:
        """Start a rotation now, whatever the schedule says.

        The schedule stays as it is. Until the rotation is over, get_secret returns the value before.

        Args:
            name: Such as ``jwt/credentials``.
            version_id: Version of a rotation that was left half-way, to take it up again. None starts a new one.
            wait: Seconds to wait until it is over, in the caller's thread; None returns at once. Needs DescribeSecret.
            progress: Called about every second of the wait with the phase and the seconds since it began.

        Returns:
            Id of the version that becomes AWSCURRENT if the rotation succeeds; when waited for, it is.

        Raises:
            ConfigurationError: The version id has not 32 to 64 characters; nothing was sent.
            RotationRefusedError: Another rotation is under way, or none is set up for this secret.
            RotationUnfinishedError: It was abandoned, or is not over in time.
        """
        named = self._named(name)
        version = self._source.rotate(named, None if version_id is None else token_of(version_id))
        if wait is not None:
            wait_for_rotation(self._source, named, version, wait_seconds=wait, progress=progress)
            self._cache.fetch_anew(name)
        return version

    def _write(self, path: str, fields: SecretFields, token: str | None, write: _Write) -> str:
        named, version = self._named(path), token_of(token)
        check_fields(kind_of(path), fields)
        write(named, fields, version)
        self._cache.put(path, SecretVersion(fields, version, self._wall()))
        return version

    def _named(self, path: str) -> SecretName:
        name = SecretName(environment=self._environment, path=path)
        kind_of(path)
        return name
