"""Amazon SES as the issuer of mail credentials: an access key of one IAM user, as SMTP takes it.

https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html
"""

import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from alees_secrets.values import SecretFields
from rotation_handlers.deadline import Deadline
from rotation_handlers.email.iam import AbsentError, LimitError, ask
from rotation_handlers.email.ses_password import smtp_password
from rotation_handlers.email.settings import SesSettings
from rotation_handlers.errors import Cause, RotationError

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_iam.type_defs import AccessKeyMetadataTypeDef

YOUNG_SECONDS = 120.0
"""How long a refused key may simply not be known everywhere yet: IAM's changes take time to reach other services
(https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html, "Changes that I make are not always immediately
visible"). The document names no figure."""

_ACCESS_KEY_ID = re.compile(r"\w{16,128}", re.ASCII)
"""What IAM takes for a key's id (https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html)."""

PAUSE_SECONDS = 2.0
"""Between two logins with a young key."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class SesKeys:
    """Access keys of one IAM user, which IAM allows two at most.

    The secret of a key is turned into the password at once and kept nowhere.

    Args:
        settings: Where SES is, and the user.
        deadline: When waiting must end.
        client: boto3 client of IAM.
        log_in: Logs in at SES with a value.
        now: Tells the time.
        sleep: Waits for that many seconds.
    """

    def __init__(
        self,
        settings: SesSettings,
        deadline: Deadline,
        client: "IAMClient",
        log_in: Callable[[SecretFields], None],
        *,
        now: Callable[[], dt.datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._deadline = deadline
        self._client = client
        self._log_in = log_in
        self._now = now
        self._sleep = sleep

    def list_credentials(self) -> Mapping[str, None]:
        """Return the ids of the user's keys; inactive ones among them, since they count towards IAM's two."""
        return dict.fromkeys(key["AccessKeyId"] for key in self._keys())

    def create(self, token: str) -> Mapping[str, str | int]:  # noqa: ARG002 - access keys have no names
        """Make a key and return it as a value of the secret.

        Raises:
            RotationError: The user has two keys already, or IAM refused.
        """
        self._deadline.seconds_left()
        settings = self._settings
        try:
            answer = ask(lambda: self._client.create_access_key(UserName=settings.user))
        except LimitError:
            answer = None
        if answer is None:
            raise RotationError(
                Cause.PROVIDER,
                "the IAM user has two access keys already, which is all that IAM allows; somebody made one meanwhile: "
                "rotate again, which ends every key but that of AWSCURRENT",
            )
        key = answer["AccessKey"]
        return {
            "host": settings.host,
            "port": settings.port,
            "username": key["AccessKeyId"],
            "password": smtp_password(key["SecretAccessKey"], settings.region),
        }

    def id_of(self, value: SecretFields) -> str:
        """Return the id of the key in *value*: its user name.

        Raises:
            RotationError: It has none.
        """
        user = value.get("username")
        if isinstance(user, str) and user:
            return user
        raise RotationError(Cause.BAD_SECRET, "the value has no username, which is the access key's id")

    def verify(self, value: SecretFields) -> None:
        """Log in with *value*, again and again while its key is young.

        Raises:
            RotationError: It was refused or could not be tried. AUTHENTICATION only for a key that is no longer young,
                inactive or gone; a young one's refusal tells nothing yet, and its cause is PROVIDER.
        """
        while True:
            try:
                self._log_in(value)
            except RotationError as error:
                if error.cause is not Cause.AUTHENTICATION or not self._is_young(self.id_of(value)):
                    raise
            else:
                return
            if not self._pause():
                break
        raise RotationError(
            Cause.PROVIDER,
            f"Amazon SES refuses the access key, which is younger than {YOUNG_SECONDS:.0f} s and may not be known yet",
        )

    def revoke(self, credential_id: str) -> None:
        """End a key: at once by making it inactive, for good by deleting it. One that is gone stays gone.

        What has no access key's form, as the login at another server that people set before, is no business of IAM's.
        """
        if not _ACCESS_KEY_ID.fullmatch(credential_id):
            return
        user = self._settings.user
        self._deadline.seconds_left()
        try:
            ask(lambda: self._client.update_access_key(UserName=user, AccessKeyId=credential_id, Status="Inactive"))
            ask(lambda: self._client.delete_access_key(UserName=user, AccessKeyId=credential_id))
        except AbsentError:
            return

    def _pause(self) -> bool:
        """Wait a little; False if no time is left for that and another login."""
        try:
            if self._deadline.seconds_left() < 2 * PAUSE_SECONDS:
                return False
        except RotationError:
            return False
        self._sleep(PAUSE_SECONDS)
        return True

    def _is_young(self, key_id: str) -> bool:
        made = next(
            (key["CreateDate"] for key in self._keys() if key["AccessKeyId"] == key_id and key["Status"] == "Active"),
            None,
        )
        return made is not None and (self._now() - made).total_seconds() < YOUNG_SECONDS

    def _keys(self) -> "list[AccessKeyMetadataTypeDef]":
        self._deadline.seconds_left()
        try:
            # One page holds all: a user has two keys at most.
            answer = ask(lambda: self._client.list_access_keys(UserName=self._settings.user))
        except AbsentError:
            answer = None
        if answer is None:
            raise RotationError(
                Cause.BAD_SETTINGS, "the IAM user for sending does not exist; deploy the environment's stack again"
            )
        return answer["AccessKeyMetadata"]
