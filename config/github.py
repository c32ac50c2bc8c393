"""The repository whose workflows review and deploy what this application declares."""

from dataclasses import dataclass

from config.checks import check_pattern


@dataclass(frozen=True, kw_only=True, slots=True)
class GitHubRepository:
    """A repository on github.com, whose workflows get roles of the account without any stored key.

    Workflows of pull requests get the role that compares; a workflow that runs in one of the repository's own
    environments, where people approve it, gets the role that deploys.

    https://docs.github.com/en/actions/concepts/security/openid-connect

    Attributes:
        repository: Owner and name, such as ``alees/secrets``.
        environment: Name of the environment in the repository's settings.
        make_provider: Make GitHub's OIDC provider. An account has one of it: False where it has it already.
    """

    repository: str
    environment: str
    make_provider: bool = True

    def check(self, field: str) -> None:
        """Refuse wrong values; *field* is where this object stands, such as ``account.github``."""
        check_pattern(
            f"{field}.repository",
            self.repository,
            r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}|[A-Za-z0-9-]{1,39}@\d+/[A-Za-z0-9._-]{1,100}@\d+",
            "owner/name, or owner@id/name@id where GitHub's subjects are immutable",
        )
        check_pattern(
            f"{field}.environment",
            self.environment,
            r"[A-Za-z0-9._-]{1,255}",
            "letters, digits, dots, hyphens and underscores",
        )

    @property
    def compares(self) -> str:
        """Return the subject of tokens for workflows of pull requests."""
        return f"repo:{self.repository}:pull_request"

    @property
    def deploys(self) -> str:
        """Return the subject of tokens for workflows in the environment."""
        return f"repo:{self.repository}:environment:{self.environment}"
