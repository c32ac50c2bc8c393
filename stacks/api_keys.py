"""``AleesSecrets{Env}Api01``, ``Api02`` and on: the API keys of the services of one shard."""

from constructs import Construct

from config.environment import Environment
from stacks.domain import Domain
from stacks.environment import EnvironmentStack


class ApiKeysStack(EnvironmentStack):
    """One shard of an environment's API keys, with a key of its own."""

    def __init__(self, scope: Construct, environment: Environment, shard: int) -> None:
        super().__init__(
            scope,
            f"{environment.stack_name}Api{shard:02}",
            environment=environment,
            region=environment.region,
            description=f"API keys of the Alees ERP in {environment.name}, shard {shard}",
        )
        services = [service for service in environment.api_services if service.shard == shard]
        domain = Domain(self, name=api_domain(shard), key_id="Key", paths=[service.path for service in services])
        for service in services:
            secret = domain.add(f"Service-{service.name}", service.path, f"API key of the service {service.name}")
            secret.accept_no_rotation("Rotation functions for API keys are to come; until then keys are set by hand")


def api_domain(shard: int) -> str:
    """Return the part of the alias of a shard's key; the first one's is plain, for secrets that the client creates."""
    return "api" if shard == 1 else f"api-{shard:02}"
