"""The secrets of one domain: a key, the secrets it encrypts, and who reads them."""

from collections.abc import Sequence

from alees_secrets import naming
from constructs_lib.declared_secret import DeclaredSecret, DeclaredSecretProps, Replica
from constructs_lib.secret_key import SecretKey
from stacks.environment import EnvironmentStack

APPLICATION = "application"


class Domain:
    """One key and its secrets in a stack.

    Args:
        stack: Where they are.
        name: Part of the key's alias, such as ``database``.
        key_id: Literal id of the key.
        paths: Paths of the secrets.
        duties: Duties of the environment's roles that read them, besides the application.
    """

    def __init__(
        self, stack: EnvironmentStack, *, name: str, key_id: str, paths: Sequence[str], duties: Sequence[str] = ()
    ) -> None:
        self._stack = stack
        self._role_arns = [role_arn(stack, duty) for duty in (*duties, APPLICATION)]
        self.key = SecretKey(
            stack,
            key_id,
            alias=naming.key_alias(stack.settings.slug, name),
            secret_arns=[secret_pattern(stack, path) for path in paths],
            role_arns=self._role_arns,
            removal_policy=stack.removal_policy,
        )

    def add(self, construct_id: str, path: str, description: str) -> DeclaredSecret:
        """Add a secret, replicated to the recovery region."""
        settings = self._stack.settings
        return DeclaredSecret(
            self._stack,
            construct_id,
            props=DeclaredSecretProps(
                name=str(naming.SecretName(settings.slug, path)),
                description=f"{description} in {settings.name}",
                key=self.key.key,
                reader_arns=self._role_arns,
                replica=Replica(region=settings.recovery_region, key_alias=naming.key_alias(settings.slug, "recovery")),
                removal_policy=self._stack.removal_policy,
            ),
        )


def secret_pattern(stack: EnvironmentStack, path: str) -> str:
    """Return an ARN pattern for the secret at *path*."""
    name = naming.SecretName(stack.settings.slug, path)
    return name.arn_pattern(partition=stack.partition, region=stack.region, account=stack.account)


def role_arn(stack: EnvironmentStack, duty: str) -> str:
    """Return the ARN of one of the environment's roles, computed: a reference would tie keys to roles' lives."""
    slug = stack.settings.slug
    return f"arn:{stack.partition}:iam::{stack.account}:role{naming.role_path(slug)}{naming.role_name(slug, duty)}"
