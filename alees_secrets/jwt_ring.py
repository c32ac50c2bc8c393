"""Which JWT keys sign and verify now."""

import time
from collections.abc import Callable

from alees_secrets.cache import Cache
from alees_secrets.entries import Kept
from alees_secrets.errors import UnknownKeyError
from alees_secrets.jwt_keys import JwtKey
from alees_secrets.memory import NOTHING_THERE
from alees_secrets.policy import CachePolicy
from alees_secrets.public_keys import Jwk
from alees_secrets.stages import VersionStage

PATH = "jwt/credentials"

_CURRENT, _PREVIOUS = (PATH, VersionStage.CURRENT), (PATH, VersionStage.PREVIOUS)


class JwtRing:
    """The keys at AWSCURRENT and AWSPREVIOUS of ``jwt/credentials``.

    Neither is used when AWS has not confirmed it for revocation_seconds: it may have been revoked.

    Args:
        cache: Where their values are kept.
        policy: Its policy.
        clock: Its clock.
        wall: Seconds since 1970, to compare with AWS's.
    """

    def __init__(
        self, cache: Cache, policy: CachePolicy, clock: Callable[[], float], wall: Callable[[], float] = time.time
    ) -> None:
        self._cache = cache
        self._policy = policy
        self._clock = clock
        self._wall = wall
        self._prepared: tuple[tuple[str, ...], tuple[JwtKey, ...]] = ((), ())

    def signing_key(self) -> JwtKey:
        """Return the key to sign with: AWSCURRENT's, once every process can know it, or AWSPREVIOUS's until then.

        When there is no AWSPREVIOUS, as after it was revoked, AWSCURRENT's signs at once.
        """
        current, previous = self._versions()
        keys = self._keys(current, previous)
        return keys[0] if previous is None or self._is_known(current) else keys[-1]

    def verification_keys(self) -> tuple[JwtKey, ...]:
        """Return AWSCURRENT's key, and AWSPREVIOUS's if there is one."""
        return self._keys(*self._versions())

    def verification_key(self, kid: str) -> JwtKey:
        """Return the key that a token names; an unknown name causes one refresh, as often as the policy allows."""
        for last in (False, True):
            current, previous = self._versions()
            for key in self._keys(current, previous):
                if key.kid == kid:
                    return key
            if not last:
                self._cache.refresh(PATH, current.fields)
        raise UnknownKeyError("no JWT key in use has the key id that the token names; refuse the token")

    def jwks(self) -> dict[str, list[Jwk]]:
        """Return the public keys as a JSON Web Key Set; HMAC keys are left out."""
        return {"keys": [key.jwk() for key in self.verification_keys() if not key.is_symmetric]}

    def _versions(self) -> tuple[Kept, Kept | None]:
        bound = self._policy.revocation_seconds
        # In this order: a rotation seen half-way gives the same version twice, and not one that is neither any more.
        current = self._cache.read(_CURRENT, bound, also=[_PREVIOUS])
        try:
            previous = self._cache.read(_PREVIOUS, bound)
        except NOTHING_THERE:
            return current, None
        return current, previous

    def _is_known(self, current: Kept) -> bool:
        delay = self._policy.signing_delay_seconds
        seen = self._clock() - current.seen
        return seen >= self._policy.ttl_seconds and self._wall() - current.version.created >= delay

    def _keys(self, current: Kept, previous: Kept | None) -> tuple[JwtKey, ...]:
        versions = [current.version] if previous is None else [current.version, previous.version]
        ids = tuple(dict.fromkeys(version.version_id for version in versions))
        prepared = self._prepared
        if prepared[0] != ids:
            prepared = self._prepared = ids, tuple(JwtKey(version) for version in versions[: len(ids)])
        return prepared[1]
