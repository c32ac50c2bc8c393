"""The rotation functions, as configuration describes them."""

import json
from collections.abc import Mapping, Sequence

from aws_cdk.aws_kms import IKey

from alees_secrets import naming
from config.services import ApiService
from constructs_lib.certificate_authority import read_certificates
from constructs_lib.function_package import CERTIFICATES, NO_FILES, SERVICES, function_package
from constructs_lib.referenced_secret import ReferencedSecret
from constructs_lib.rotation_function import RotationFunction, RotationFunctionProps
from stacks.environment import EnvironmentStack


def database_function(stack: EnvironmentStack, log_key: IKey) -> RotationFunction:
    """Return the function that rotates the database secret; it reads the admin secret too."""
    database = stack.settings.database
    function = _function(
        stack,
        "DatabaseRotation",
        kind="database",
        log_key=log_key,
        files={CERTIFICATES: read_certificates(database.certificate_authority)},
        environment={
            "DATABASE_HOST": database.host,
            "DATABASE_PORT": str(database.port),
            "DATABASE_NAME": database.name,
            "DATABASE_SCHEMA": database.schema,
            "DATABASE_OWNER": database.owner,
            "DATABASE_LOGINS": json.dumps(database.logins),
            "DATABASE_ADMIN_SECRET": database.admin_secret,
            "DATABASE_PASSWORD_LENGTH": str(database.password_length),
        },
    )
    admin = ReferencedSecret(stack, "AdminSecret", name=database.admin_secret, key_arn=database.admin_secret_key)
    admin.grant_read(function.role)
    return function


def jwt_function(stack: EnvironmentStack, log_key: IKey) -> RotationFunction:
    """Return the function that rotates the JWT secret."""
    return _function(
        stack, "JwtRotation", kind="jwt", log_key=log_key, environment={"JWT_ALGORITHM": stack.settings.jwt_algorithm}
    )


def api_key_function(
    stack: EnvironmentStack, log_key: IKey, *, duty: str, services: Sequence[ApiService]
) -> RotationFunction:
    """Return the function that rotates the API keys of *services*; it reads their management secrets too.

    Args:
        stack: Where it is.
        log_key: Key that encrypts its log group.
        duty: What its role is for, as in the role's name.
        services: Of one shard.
    """
    declared = {str(naming.SecretName(stack.settings.slug, each.path)): _declaration(each) for each in services}
    function = _function(
        stack,
        "ApiKeyRotation",
        kind="api_key",
        duty=duty,
        log_key=log_key,
        files={SERVICES: json.dumps(declared, indent=1, sort_keys=True)},
        environment={},
    )
    managements = {
        each.provider.management.secret: each.provider.management for each in services if each.provider.management
    }
    for name, management in sorted(managements.items()):
        secret = ReferencedSecret(stack, f"Management-{name}", name=name, key_arn=management.secret_key)
        secret.grant_read(function.role)
    return function


def _declaration(service: ApiService) -> Mapping[str, object]:
    """Return what rotation_handlers/api_key/service.py reads."""
    provider, management = service.provider, service.provider.management
    authority = provider.certificate_authority
    return {
        "provider": provider.provider,
        "settings": provider.settings(),
        "management": None if management is None else management.secret,
        "management_fields": [] if management is None else list(management.fields),
        "certificates": None if authority is None else read_certificates(authority),
    }


def _function(  # noqa: PLR0913 - what differs between the functions
    stack: EnvironmentStack,
    construct_id: str,
    *,
    kind: str,
    log_key: IKey,
    environment: Mapping[str, str],
    files: Mapping[str, str] = NO_FILES,
    duty: str | None = None,
) -> RotationFunction:
    settings = stack.settings
    return RotationFunction(
        stack,
        construct_id,
        props=RotationFunctionProps(
            description=f"Rotates the {kind} secret in {settings.name}",
            handler=f"rotation_handlers.{kind}.handler.handler",
            package=function_package(kind, platform=settings.code_platform, files=files),
            environment=environment,
            role_name=naming.role_name(settings.slug, duty or f"{kind}-rotation"),
            role_path=naming.role_path(settings.slug),
            network=settings.network,
            log_retention_days=settings.log_retention_days,
            log_key=log_key,
        ),
    )
