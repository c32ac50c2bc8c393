"""``AleesSecrets{Env}Api01``, ``Api02`` and on: the API keys of the services of one shard."""

from constructs import Construct

from alees_secrets import naming
from config.access import api_domain, shard_duty
from config.environment import Environment
from constructs_lib.access.grants import grant_declared
from constructs_lib.canary import Canary
from constructs_lib.declared_secret import Schedule
from constructs_lib.log_key import LogKey
from stacks.domain import Domain
from stacks.environment import EnvironmentStack
from stacks.functions import api_key_function

DAYS = 90


class ApiKeysStack(EnvironmentStack):
    """One shard of an environment's API keys, with a key and a function of its own."""

    def __init__(self, scope: Construct, environment: Environment, shard: int) -> None:
        super().__init__(
            scope,
            f"{environment.stack_name}Api{shard:02}",
            environment=environment,
            region=environment.region,
            description=f"API keys of the Alees ERP in {environment.name}, shard {shard}",
        )
        services = [service for service in environment.api_services if service.shard == shard]
        domain = api_domain(shard)
        # The environment's watch key is in a stack that depends on this one, so logs have a key here.
        log_key = LogKey(
            self,
            "LogKey",
            alias=naming.key_alias(environment.slug, f"{domain}-logs"),
            removal_policy=self.removal_policy,
        ).key
        duty = shard_duty(shard)
        function = api_key_function(self, log_key, duty=duty, services=services)
        paths = [service.path for service in services]
        keys = Domain(self, name=domain, key_id="Key", paths=paths)
        grant_declared(function.role, environment, duty, {domain: keys.key.key_arn})
        secrets = [
            keys.add(f"Service-{service.name}", service.path, f"API key of the service {service.name}")
            for service in services
        ]
        arns = [secret.secret.secret_arn for secret in secrets]
        canary = Canary(self, "Canary", function=function.function, secret_arns=arns)
        for secret in secrets:
            secret.rotate(
                Schedule(days=DAYS, window_hours=environment.rotation_window_hours),
                function_arn=function.function.function_arn,
                after=(*function.ready, canary),
            )
