"""One call that the trail has, in the terms in which it is judged."""

from dataclasses import dataclass
from datetime import datetime

DENIED = ("AccessDenied", "Client.UnauthorizedOperation")
"""How the errorCode of a call that was refused for want of a right begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Who:
    """Who called.

    Attributes:
        arn: As alerts name them; of a role's session with the session's name.
        principal: What the matrix names: the role without its session, or the user, from behind the account number,
            such as ``role/alees/prod/alees-prod-application``. Empty for services, for the account's root user and for
            other accounts.
        service: One of AWS's services called, by itself or in somebody's name.
        deployment: It did with the role of the CDK's bootstrap: what it changes was reviewed.
    """

    arn: str
    principal: str
    service: bool
    deployment: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """One call.

    Attributes:
        id: The record's; CloudTrail may deliver one twice.
        at: When.
        region: Where.
        service: Such as ``secretsmanager``.
        event: Such as ``GetSecretValue``.
        who: Who called.
        secrets: Whole names of the environment's secrets that it is about.
        anywhere: It may be about the environment's secrets, and the record names none: a batch by filters, say.
        stage: The staging label that was asked for.
        by_id: A version was asked for by its id.
        target: What else it is about: a role, user, policy or key, by name or ARN.
        denied: It was refused for want of a right.
        failed: It did not succeed, for whatever reason.
        writes: It changes something.
        address: Where it came from: an IP address, or a service's name.
        endpoint: The VPC endpoint that it came through; empty for none.
    """

    id: str
    at: datetime
    region: str
    service: str
    event: str
    who: Who
    secrets: tuple[str, ...]
    anywhere: bool
    stage: str
    by_id: bool
    target: str
    denied: bool
    failed: bool
    writes: bool
    address: str
    endpoint: str

    @property
    def is_by_linked_role(self) -> bool:
        """Tell whether one of AWS's services called with its service-linked role, which nobody else can take on.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
        """
        return self.who.principal.startswith("role/aws-service-role/")

    @property
    def is_read(self) -> bool:
        """Tell whether a value of the environment was read.

        A batch is not: CloudTrail has a GetSecretValue for each of its secrets too.
        """
        return self.event == "GetSecretValue" and self.service == "secretsmanager" and not self.failed and self.is_ours

    @property
    def is_ours(self) -> bool:
        """Tell whether it is about secrets of the environment."""
        return bool(self.secrets)

    @property
    def is_refused_read(self) -> bool:
        """Tell whether values of the environment were asked for in vain, of Secrets Manager or of the key itself.

        What Secrets Manager asked KMS in somebody's name is not: the record of the read tells it already.
        """
        asked = self.event in {"GetSecretValue", "BatchGetSecretValue"} and self.service == "secretsmanager"
        decrypted = self.event == "Decrypt" and self.service == "kms" and not self.who.service
        return (asked or decrypted) and self.denied and (self.is_ours or self.anywhere)
