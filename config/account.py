"""An AWS account, which one or more environments share."""

from dataclasses import dataclass

from alees_secrets import naming
from config.checks import check_pattern, check_region
from config.github import GitHubRepository

LOG_GROUP = r"[\w./#-]{1,512}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """One AWS account and what is there once for all of its environments.

    Attributes:
        id: Twelve digits. None takes the account of the credentials at deploy time; refused for Staging and Prod, so
            that a shell with other credentials does not deploy a second one.
        home_region: Where the trail's bucket, key and log group are; the trail itself covers all regions.
        existing_trail_log_group: Name of the log group, in the home region, of a trail that exists already. None makes
            a trail: the first copy of management events is free, a second trail's is not.
        keep_data: Keep the trail's log files, log group and key when they leave the stack, and protect the stack from
            deletion. It stands here and not in what environments say: whichever of them is deployed, the account's
            stack is the same.
        github: The repository whose workflows review and deploy. None makes no roles for them.

    Raises:
        ConfigError: A value is not allowed.
    """

    id: str | None
    home_region: str
    existing_trail_log_group: str | None = None
    keep_data: bool = True
    github: GitHubRepository | None = None

    def __post_init__(self) -> None:
        if self.id is not None:
            check_pattern("account.id", self.id, r"\d{12}", "twelve digits in quotes, or None")
        check_region("account.home_region", self.home_region)
        if self.existing_trail_log_group is not None:
            check_pattern(
                "account.existing_trail_log_group", self.existing_trail_log_group, LOG_GROUP, "a log group's name"
            )

        if self.github is not None:
            self.github.check("account.github")

    @property
    def trail_log_group(self) -> str:
        """Return the name of the log group, in the home region, that has the account's calls."""
        return self.existing_trail_log_group or naming.TRAIL_LOG_GROUP

    @property
    def stack_id(self) -> str:
        """Return the id of the account's stack in the app."""
        return f"AleesSecretsAccount{self.id or 'OfCredentials'}"

    @property
    def stack_name(self) -> str:
        """Return what the account's stack is called in the account.

        Where the credentials decide, it has another name than the stack of an account that is declared. With the
        credentials of such an account it is then a second stack, which CloudFormation refuses, since the boundaries'
        names are taken; under the same name it would rewrite the first one.
        """
        return "AleesSecretsAccount" if self.id else self.stack_id
