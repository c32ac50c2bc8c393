"""The rotation functions, as configuration describes them."""

import json
from collections.abc import Mapping

from aws_cdk.aws_kms import IKey

from alees_secrets import naming
from constructs_lib.certificate_authority import read_certificates
from constructs_lib.function_package import function_package
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
        certificates=read_certificates(database.certificate_authority),
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


def _function(
    stack: EnvironmentStack,
    construct_id: str,
    *,
    kind: str,
    log_key: IKey,
    environment: Mapping[str, str],
    certificates: str | None = None,
) -> RotationFunction:
    settings = stack.settings
    return RotationFunction(
        stack,
        construct_id,
        props=RotationFunctionProps(
            description=f"Rotates the {kind} secret in {settings.name}",
            handler=f"rotation_handlers.{kind}.handler.handler",
            package=function_package(kind, platform=settings.code_platform, certificates=certificates),
            environment=environment,
            role_name=naming.role_name(settings.slug, f"{kind}-rotation"),
            role_path=naming.role_path(settings.slug),
            network=settings.network,
            log_retention_days=settings.log_retention_days,
            log_key=log_key,
        ),
    )
