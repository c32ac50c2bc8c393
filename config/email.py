"""Who issues the credentials of an environment's mail server."""

from dataclasses import dataclass
from pathlib import Path

from config.checks import check_host, check_one_of, check_pattern, check_range, check_region

SES_PORTS = (587, 2587, 465, 2465)
"""Ports of Amazon SES with TLS. It also has 25, which EC2 and Lambda throttle or close
(https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ByHand:
    """A mail server whose operator issues the credentials: people set them, nothing rotates by itself.

    Attributes:
        certificate_authority: PEM file to verify the server with; None takes the authorities that the function's
            operating system trusts.
    """

    certificate_authority: Path | None = None

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands. There are none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ses:
    """Amazon SES by SMTP: an IAM user of the environment's own, whose access keys rotate every 90 days.

    Attributes:
        region: Region in which the sending identities are verified; a password is derived for one region.
        host: Endpoint for SMTP; None takes the region's public one.
        port: TCP port. 465 and 2465 speak TLS from the start, every other port by STARTTLS.
        from_addresses: Patterns of the only senders, such as ``*@alees.example``. Empty admits every verified identity
            of the account.
        certificate_authority: As in ByHand.
    """

    region: str
    host: str | None = None
    port: int = 587
    from_addresses: tuple[str, ...] = ()
    certificate_authority: Path | None = None

    @property
    def endpoint(self) -> str:
        """Return the host that is connected to.

        https://docs.aws.amazon.com/general/latest/gr/ses.html
        """
        return self.host or f"email-smtp.{self.region}.amazonaws.com"

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``Prod.email``."""
        check_region(f"{field}.region", self.region)
        if self.host is None:
            check_one_of(f"{field}.port", self.port, SES_PORTS)
        else:
            check_host(f"{field}.host", self.host)
            check_range(f"{field}.port", self.port, 1, 65535, "a port number")
        for address in self.from_addresses:
            check_pattern(
                f"{field}.from_addresses",
                address,
                r"[^\s@]+@[^\s@]+",
                "an address or a pattern, such as *@alees.example",
            )


Email = ByHand | Ses
