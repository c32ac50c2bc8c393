"""Services of a partner whose keys are managed with a secret of their own."""

from dataclasses import replace

from config.environments import prod
from config.http_call import Management
from config.http_provider import Http
from config.services import ApiService

_KEY = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-{:012}"


def managed_service(number: int, keys: str, shard: int = 1) -> ApiService:
    """Return a service; *keys* of management secrets: ``none`` of a customer, ``one`` for all, or each its ``own``."""
    provider = prod().api_services[1].provider
    assert isinstance(provider, Http)
    key = {"none": None, "one": _KEY.format(0), "own": _KEY.format(number)}[keys]
    secret = f"alees-prod-service-of-a-partner-{number:03}-management"
    return ApiService(
        name=f"service-of-a-partner-{number:03}",
        shard=shard,
        provider=replace(provider, management=Management(secret=secret, fields=("token",), secret_key=key)),
    )
