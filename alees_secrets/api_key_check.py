"""Whether somebody who calls the ERP has a service's API key."""

import contextlib
import hmac
from collections.abc import Callable, Sequence

from alees_secrets.memory import NOTHING_THERE
from alees_secrets.stages import VersionStage
from alees_secrets.values import SecretFields

Read = Callable[[VersionStage], SecretFields]


def accepts(read: Read, refresh: Callable[[SecretFields], bool], sent: SecretFields) -> bool:
    """Tell whether the two halves are those of AWSCURRENT, or of AWSPREVIOUS if there is one.

    Comparisons take as long whatever is wrong, and both versions are compared even if the first one fits. When neither
    fits, the versions are refreshed, and compared again if they changed.

    Args:
        read: Returns the value at a stage.
        refresh: Asks AWS for both, as often as is allowed, unless AWSCURRENT is another than the one given by now.
        sent: Both halves as the caller sent them; any text.
    """
    versions = _versions(read)
    if _fit(versions, sent):
        return True
    if not refresh(versions[0]):
        return False
    refreshed = _versions(read)
    return refreshed != versions and _fit(refreshed, sent)


def _versions(read: Read) -> list[SecretFields]:
    versions = [read(VersionStage.CURRENT)]
    with contextlib.suppress(*NOTHING_THERE):
        versions.append(read(VersionStage.PREVIOUS))
    return versions


def _fit(versions: Sequence[SecretFields], sent: SecretFields) -> bool:
    halves = [sent[half].encode("utf-8", "surrogatepass") for half in ("api_key", "api_secret")]
    fits = False
    for fields in versions:
        key, secret = (fields[half].encode() for half in ("api_key", "api_secret"))
        fits |= hmac.compare_digest(key, halves[0]) & hmac.compare_digest(secret, halves[1])
    return fits
