"""All stacks of the environments, in the order in which they deploy."""

from collections.abc import Sequence

from constructs import Construct

from config.environment import Environment
from stacks.account import AccountStack
from stacks.api_keys import ApiKeysStack
from stacks.recovery import RecoveryStack
from stacks.secrets import SecretsStack


def add_stacks(scope: Construct, environments: Sequence[Environment]) -> None:
    """Add the stacks of *environments*, and of their accounts, to an app.

    ``cdk deploy AleesSecretsProd`` deploys what Prod needs first: account and recovery region, then API keys.
    """
    accounts: dict[str, AccountStack] = {}
    for environment in environments:
        stack_id = environment.account.stack_id
        if stack_id not in accounts:
            accounts[stack_id] = AccountStack(scope, environment.account)
        _add_environment(scope, environment, accounts[stack_id])


def _add_environment(scope: Construct, environment: Environment, account: AccountStack) -> None:
    recovery = RecoveryStack(scope, environment)
    shards = [ApiKeysStack(scope, environment, shard) for shard in environment.shards]
    secrets = SecretsStack(scope, environment)
    for stack in (recovery, *shards, secrets):
        stack.add_stack_dependency(account)
    for stack in (*shards, secrets):
        stack.add_stack_dependency(recovery)
    for shard in shards:
        secrets.add_stack_dependency(shard)
