"""The rotation functions, as configuration describes them."""

import json
from collections.abc import Mapping, Sequence

from aws_cdk.aws_kms import IKey

from alees_secrets import naming
from config.email import Ses
from config.network import Network
from config.services import ApiService
from constructs_lib.certificate_authority import read_certificate_file, read_certificates
from constructs_lib.function_package import CERTIFICATES, NO_FILES, SERVICES, function_package
from constructs_lib.rotation_function import RotationFunction, RotationFunctionProps
from stacks.environment import EnvironmentStack


def database_function(stack: EnvironmentStack, log_key: IKey) -> RotationFunction:
    """Return the function that rotates the database secret."""
    database = stack.settings.database
    return _function(
        stack,
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


def jwt_function(stack: EnvironmentStack, log_key: IKey) -> RotationFunction:
    """Return the function that rotates the JWT secret."""
    return _function(stack, kind="jwt", log_key=log_key, environment={"JWT_ALGORITHM": stack.settings.jwt_algorithm})


def email_function(stack: EnvironmentStack, log_key: IKey) -> RotationFunction:
    """Return the function that rotates the e-mail secret, or verifies what people set; always outside any VPC."""
    email = stack.settings.email
    environment = {
        "EMAIL_PROVIDER": "ses" if isinstance(email, Ses) else "by-hand",
        "EMAIL_CERTIFICATES": "system" if email.certificate_authority is None else "package",
    }
    if isinstance(email, Ses):
        environment |= {
            "EMAIL_HOST": email.endpoint,
            "EMAIL_PORT": str(email.port),
            "EMAIL_REGION": email.region,
            "EMAIL_USER": naming.smtp_user(stack.settings.slug),
        }
    authority = email.certificate_authority
    return _function(
        stack,
        kind="email",
        log_key=log_key,
        environment=environment,
        files=NO_FILES if authority is None else {CERTIFICATES: read_certificate_file(authority)},
        outside_because="IAM has no endpoint in a VPC, and mail servers are public: docs/adr/0013",
    )


def api_key_function(
    stack: EnvironmentStack, log_key: IKey, *, duty: str, services: Sequence[ApiService]
) -> RotationFunction:
    """Return the function that rotates the API keys of *services*.

    Args:
        stack: Where it is.
        log_key: Key that encrypts its log group.
        duty: What its role is for, as in the role's name.
        services: Of one shard.
    """
    declared = {str(naming.SecretName(stack.settings.slug, each.path)): _declaration(each) for each in services}
    return _function(
        stack,
        kind="api_key",
        duty=duty,
        log_key=log_key,
        files={SERVICES: json.dumps(declared, indent=1, sort_keys=True)},
        environment={},
    )


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
    *,
    kind: str,
    log_key: IKey,
    environment: Mapping[str, str],
    files: Mapping[str, str] = NO_FILES,
    duty: str | None = None,
    outside_because: str | None = None,
) -> RotationFunction:
    settings = stack.settings
    network: Network | None = None if outside_because else settings.network
    return RotationFunction(
        stack,
        f"{kind.title().replace('_', '')}Rotation",
        props=RotationFunctionProps(
            description=f"Rotates the {kind} secret in {settings.name}",
            function_name=settings.by_hand_functions.get(f"{kind}/credentials"),
            handler=f"rotation_handlers.{kind}.handler.handler",
            package=function_package(f"rotation_handlers/{kind}", platform=settings.code_platform, files=files),
            environment=environment,
            role_name=naming.role_name(settings.slug, duty or f"{kind}-rotation"),
            role_path=naming.role_path(settings.slug),
            network=network,
            outside_because=outside_because or "The environment declares no network: its database is public or local",
            log_retention_days=settings.log_retention_days,
            log_key=log_key,
        ),
    )
