"""Lambda's entry point for the API keys of one shard."""

from importlib import import_module

from rotation_handlers.api_key.management import read_management
from rotation_handlers.api_key.service import Service, read_declaration
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.secrets_manager import shared_client
from rotation_handlers.strategy import Strategy


def handler(event: object, context: LambdaContext) -> object:
    """Do one step of a rotation of an API key, or an operation; see rotation_handlers.edge.handle."""
    client = shared_client()

    def strategy_for(name: str, deadline: Deadline) -> Strategy:
        secret, declared = read_declaration(name)
        service = Service(
            secret=secret,
            settings=declared.settings,
            certificates=declared.certificates,
            read_management=lambda: read_management(client, declared.management, declared.management_fields),
            deadline=deadline,
        )
        strategy: Strategy = import_module(f"rotation_handlers.api_key.providers.{declared.provider}").strategy(service)
        return strategy

    return handle(event, context, client, strategy_for)
