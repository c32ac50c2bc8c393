"""Whether somebody who calls the ERP has a service's API key."""

import contextlib
import hmac
from collections.abc import Callable, Sequence

from alees_secrets.memory import NOTHING_THERE
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

Read = Callable[[VersionStage], SecretFields]


def accepts(read: Read, refresh: Callable[[SecretFields], bool], api_key: str, api_secret: str) -> bool:
    """Tell whether the two halves are those of AWSCURRENT, or of AWSPREVIOUS if there is one.

    Comparisons take as long whatever is wrong, and both versions are compared even if the first one fits. When neither
    fits, the versions are refreshed, and compared again if they changed.

    Args:
        read: Returns the value at a stage.
        refresh: Asks AWS for both, as often as is allowed, unless AWSCURRENT is another than the one given by now.
        api_key: As the caller sent it; any text.
        api_secret: As the caller sent it; any text.
    """
    versions = _versions(read)
    if _fit(versions, api_key, api_secret):
        return True
    if not refresh(versions[0]):
        return False
    refreshed = _versions(read)
    return refreshed != versions and _fit(refreshed, api_key, api_secret)


def _versions(read: Read) -> list[SecretFields]:
    versions = [read(VersionStage.CURRENT)]
    with contextlib.suppress(*NOTHING_THERE):
        versions.append(read(VersionStage.PREVIOUS))
    return versions


def _fit(versions: Sequence[SecretFields], api_key: str, api_secret: str) -> bool:
    sent = (api_key.encode("utf-8", "surrogatepass"), api_secret.encode("utf-8", "surrogatepass"))
    fits = False
    for fields in versions:
        key, secret = (fields[half].encode() for half in ("api_key", "api_secret"))
        fits |= hmac.compare_digest(key, sent[0]) & hmac.compare_digest(secret, sent[1])
    return fits
