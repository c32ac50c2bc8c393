"""The e-mail function's environment variables as frozen models."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rotation_handlers.errors import Cause, RotationError

CERTIFICATES = Path(__file__).parents[2] / "certificate-authority.pem"
"""Where the function's package holds the certificates that it trusts: in its root."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SesSettings:
    """Where Amazon SES is, and whose access keys rotate.

    Attributes:
        host: Endpoint for SMTP.
        port: TCP port.
        region: Region that passwords are derived for.
        user: Name of the IAM user.
    """

    host: str
    port: int
    region: str
    user: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EmailSettings:
    """Who issues the credentials, and what mail servers are verified with.

    Attributes:
        ses: None where people set the credentials by hand.
        certificate_authority: PEM file; None for the authorities that the operating system trusts.
    """

    ses: SesSettings | None
    certificate_authority: Path | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Return the settings in *environ*.

        Raises:
            RotationError: One is missing or malformed.
        """
        try:
            provider, trusted = environ["EMAIL_PROVIDER"], environ["EMAIL_CERTIFICATES"]
            ses = None
            if provider == "ses":
                ses = SesSettings(
                    host=environ["EMAIL_HOST"],
                    port=int(environ["EMAIL_PORT"]),
                    region=environ["EMAIL_REGION"],
                    user=environ["EMAIL_USER"],
                )
        except KeyError as error:
            problem = f"environment variable {error.args[0]} is missing"
        except ValueError:
            problem = "EMAIL_PORT must be a number"
        else:
            if provider in {"ses", "by-hand"} and trusted in {"package", "system"}:
                return cls(ses=ses, certificate_authority=CERTIFICATES if trusted == "package" else None)
            problem = "EMAIL_PROVIDER must be ses or by-hand, EMAIL_CERTIFICATES package or system"
        raise RotationError(Cause.BAD_SETTINGS, f"{problem}; deploy the environment's stack again")
