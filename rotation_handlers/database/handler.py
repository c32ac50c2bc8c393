"""Lambda's entry point for the database secret's rotation."""

import os

from rotation_handlers.database.admin import AdminSecret
from rotation_handlers.database.adoption import Adoption
from rotation_handlers.database.alternating import AlternatingLogins
from rotation_handlers.database.settings import DatabaseSettings
from rotation_handlers.database.single import SingleLogin
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.operations import Work
from rotation_handlers.secrets_manager import shared_client
from rotation_handlers.strategy import Strategy


def handler(event: object, context: LambdaContext) -> object:
    """Do one step of the database secret's rotation, or an operation; see rotation_handlers.edge.handle."""
    client = shared_client()

    def strategy(_name: str, deadline: Deadline) -> Strategy:
        settings = DatabaseSettings.from_environment(os.environ)
        logins = AlternatingLogins if len(settings.logins) > 1 else SingleLogin
        return logins(settings, deadline, AdminSecret(client, settings.admin_secret).read)

    def adopt(work: Work) -> dict[str, object]:
        settings = DatabaseSettings.from_environment(os.environ)
        if work.request.get("Apply") is True:
            work.record()
        return Adoption(settings, AdminSecret(client, settings.admin_secret).read).run(work.own, work.deadline)

    return handle(event, context, client, strategy, {"adopt": adopt})
