"""Who is told of alerts."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from config.checks import check_host, check_pattern
from config.errors import refuse

_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailSubscription:
    """A mailbox. AWS sends it a link, and nothing else before somebody has opened that.

    Attributes:
        address: Such as ``oncall@alees.example``; a list that several people read.
    """

    address: str

    @property
    def endpoint(self) -> str:
        """Return where SNS sends it."""
        return self.address

    def check(self, field: str) -> None:
        """Refuse a wrong address; *field* is where this object stands, such as ``Prod.alert_subscriptions[0]``."""
        check_pattern(f"{field}.address", self.address, _ADDRESS, "an e-mail address, such as oncall@alees.example")


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpsSubscription:
    """An endpoint that takes notifications of SNS, such as a pager's or a chat's; it confirms by itself.

    Attributes:
        url: Of HTTPS. It stands in the template, so what must not be known does not belong into it.
    """

    url: str

    @property
    def endpoint(self) -> str:
        """Return where SNS sends it."""
        return self.url

    def check(self, field: str) -> None:
        """Refuse a wrong URL; *field* is where this object stands, such as ``Prod.alert_subscriptions[0]``."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" or parts.username is not None or parts.password is not None:
            refuse(f"{field}.url", self.url, "a URL that begins with https:// and has no user name or password")
        check_host(f"{field}.url", parts.hostname)


AlertSubscription = EmailSubscription | HttpsSubscription
