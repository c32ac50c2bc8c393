"""Where everything lies in the state folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StateFolder:
    """The paths below one local cloud's state folder.

    Attributes:
        root: The folder itself; may not exist yet.
    """

    root: Path

    @property
    def launcher_log(self) -> Path:
        """Return the log of the local AWS."""
        return self.root / "aws.log"

    @property
    def temporary(self) -> Path:
        """Return the folder in which the local AWS unpacks functions."""
        return self.root / "tmp"

    @property
    def postgres(self) -> Path:
        """Return the folder that belongs to PostgreSQL's user."""
        return self.root / "postgres"

    @property
    def certificate_authority(self) -> Path:
        """Return the certificate that PostgreSQL's own certificate verifies with."""
        return self.root / "postgres-ca.pem"

    @property
    def provider(self) -> Path:
        """Return the folder of the provider of API keys."""
        return self.root / "provider"

    @property
    def provider_authority(self) -> Path:
        """Return the certificate that the provider's own certificate verifies with."""
        return self.root / "provider-ca.pem"

    @property
    def processes(self) -> Path:
        """Return the file that says which processes belong to this folder."""
        return self.root / "processes.json"

    @property
    def cdk_home(self) -> Path:
        """Return the home folder of the CDK CLI, so that it leaves nothing in the user's own."""
        return self.root / "cdk"
