"""The secrets of one domain: a key, the secrets it encrypts, and whom their policies name."""

from collections.abc import Sequence

from alees_secrets import naming
from config.access import readers
from config.access_keys import key_users
from constructs_lib.access.principals import principal_arns
from constructs_lib.declared_secret import DeclaredSecret, DeclaredSecretProps, Replica
from constructs_lib.secret_key import SecretKey
from stacks.environment import EnvironmentStack


class Domain:
    """One key and its secrets in a stack.

    Args:
        stack: Where they are.
        name: Part of the key's alias, such as ``database``.
        key_id: Literal id of the key.
        paths: Paths of the secrets.
    """

    def __init__(self, stack: EnvironmentStack, *, name: str, key_id: str, paths: Sequence[str]) -> None:
        self._stack = stack
        self.name = name
        names = tuple(secret_name(stack, path) for path in paths)
        self.key = SecretKey(
            stack,
            key_id,
            alias=naming.key_alias(stack.settings.slug, name),
            names=names,
            role_arns=principal_arns(stack, stack.settings, key_users(stack.settings, names)),
            removal_policy=stack.removal_policy,
        ).key

    def add(self, construct_id: str, path: str, description: str) -> DeclaredSecret:
        """Add a secret, replicated to the recovery region."""
        settings, name = self._stack.settings, secret_name(self._stack, path)
        return DeclaredSecret(
            self._stack,
            construct_id,
            props=DeclaredSecretProps(
                name=name,
                description=f"{description} in {settings.name}",
                key=self.key,
                reader_arns=principal_arns(self._stack, settings, readers(settings, name)),
                replica=Replica(region=settings.recovery_region, key_alias=naming.key_alias(settings.slug, "recovery")),
                removal_policy=self._stack.removal_policy,
            ),
        )


def secret_name(stack: EnvironmentStack, path: str) -> str:
    """Return the whole name of the secret at *path*."""
    return str(naming.SecretName(stack.settings.slug, path))
