"""Lambda's entry point for the JWT secret's rotation."""

import os

from rotation_handlers.deadline import LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.jwt.generated_key import GeneratedKey
from rotation_handlers.jwt.settings import JwtSettings
from rotation_handlers.secrets_manager import shared_client


def handler(event: object, context: LambdaContext) -> object:
    """Do one step of the JWT secret's rotation, or an operation; see rotation_handlers.edge.handle."""
    return handle(event, context, shared_client(), lambda *_: GeneratedKey(JwtSettings.from_environment(os.environ)))
