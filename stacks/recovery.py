"""``AleesSecrets{Env}Recovery``: what the second region holds."""

from constructs import Construct

from config.access import all_names
from config.access_keys import key_users
from config.environment import Environment
from constructs_lib.access.principals import principal_arns
from constructs_lib.recovery_vault import RecoveryVault, RecoveryVaultProps
from stacks.environment import EnvironmentStack

LOCK_DAYS = 35
"""A month of daily backups and some days to notice, in environments whose data is kept; elsewhere one day."""


class RecoveryStack(EnvironmentStack):
    """The key for replicas and the bucket for backups of one environment."""

    def __init__(self, scope: Construct, environment: Environment) -> None:
        super().__init__(
            scope,
            f"{environment.stack_name}Recovery",
            environment=environment,
            region=environment.recovery_region,
            description=f"Recovery of the Alees ERP's secrets in {environment.name}",
        )
        RecoveryVault(
            self,
            "Vault",
            props=RecoveryVaultProps(
                environment=environment.slug,
                primary_region=environment.region,
                role_arns=principal_arns(self, environment, key_users(environment, all_names(environment))),
                lock_days=LOCK_DAYS if environment.keep_data else 1,
                removal_policy=self.removal_policy,
            ),
        )
