"""The types of the public calls, as an application that is type-checked sees them."""

from collections.abc import Sequence
from typing import assert_type

from alees_secrets import (
    AwsSecretSource,
    CachePolicy,
    JwtKey,
    RotationPhase,
    SecretFields,
    SecretsManager,
    SecretSource,
    SecretVersion,
    Settings,
    VersionStage,
)
from alees_secrets.naming import SecretName
from alees_secrets.testing import InMemorySource, secrets_in_memory
from core import secrets

manager = SecretsManager(Settings(environment="prod", region="eu-central-1"))

database = manager.get_secret("database/credentials")
assert_type(database, SecretFields)
assert_type(database["username"], str)
assert_type(database["password"], str)
assert_type(database["host"], str)
assert_type(database["port"], int)
assert_type(database["dbname"], str)
assert_type(dict(database), dict[str, str | int])
assert_type(manager.get_secret("database/credentials", stage=VersionStage.PREVIOUS), SecretFields)
assert_type(manager.get_secret("database/credentials", VersionStage.PREVIOUS), SecretFields)

assert_type(database.password, str)
assert_type(database.port, int)
assert_type(manager.preload(["database/credentials"]), None)
assert_type(manager.refresh("database/credentials"), bool)
assert_type(manager.refresh("database/credentials", refused=manager.get_secret("database/credentials")), bool)
assert_type(manager.age("database/credentials", stage=VersionStage.PREVIOUS), float | None)

api_key = manager.get_secret("api/billing/key")
assert_type(api_key["api_key"], str)
assert_type(api_key["api_secret"], str)

jwt = manager.get_secret("jwt/credentials")
assert_type(jwt["secret_key"], str)
assert_type(jwt["algorithm"], str)
assert_type([jwt[name] for name in jwt], list[str | int])

key = manager.signing_key()
assert_type(key, JwtKey)
assert_type(key.kid, str)
assert_type(key.signing_key(), str)
assert_type(key.verification_key(), str)
assert_type(manager.verification_keys(), Sequence[JwtKey])
assert_type(manager.verification_key("kid"), JwtKey)
assert_type(manager.jwks(), dict[str, list[dict[str, str]]])
assert_type(manager.accepts_api_key("billing", "sent-key", "sent-secret"), bool)

manager.create_secret("api/new-service/key", {"api_key": "new-key", "api_secret": "new-secret"})
manager.update_secret("email/credentials", {"host": "new-host", "port": 587, "username": "u", "password": "local"})
assert_type(manager.update_secret("api/new-service/key", {"api_key": "k", "api_secret": "s"}, token="t" * 32), str)
manager.update_secret("email/credentials", manager.get_secret("email/credentials"))
manager.update_secret("email/credentials", {**manager.get_secret("email/credentials"), "host": "new-host"})
assert_type(manager.rotate_secret("jwt/credentials"), str)


def show(phase: RotationPhase, seconds: float) -> None:
    """Show how far a rotation is."""


assert_type(manager.rotate_secret("jwt/credentials", wait=60, progress=show), str)

source: SecretSource = AwsSecretSource("eu-central-1")
assert_type(source.read(SecretName("prod", "jwt/credentials"), VersionStage.CURRENT), SecretVersion)
assert_type(SecretsManager(source=source), SecretsManager)


def tell(name: str, stage: VersionStage, age_seconds: float) -> None:
    """Tell that an older value is served."""


assert_type(SecretsManager(policy=CachePolicy(ttl_seconds=30, on_stale=tell)), SecretsManager)

with secrets_in_memory() as in_memory:
    assert_type(in_memory, InMemorySource)
    assert_type(in_memory.rotate_now("jwt/credentials"), str)
    in_memory.set("api/billing/key", {"api_key": "new-key", "api_secret": "new-secret"})
assert_type(SecretsManager(source=InMemorySource()), SecretsManager)

assert_type(secrets.SecretsManager(), SecretsManager)
assert_type(Settings.from_environment({}), Settings)

misspelt = database.passwort  # type: ignore[attr-defined]
SecretsManager("prod")  # type: ignore[arg-type]
jwt["secret_key"] = "local"  # type: ignore[index]
manager.get_secret("jwt/credentials", stage="AWSCURRENT")  # type: ignore[arg-type]
manager.create_secret("jwt/credentials", {"secret_key": b"local", "algorithm": "HS256"})  # type: ignore[dict-item]
