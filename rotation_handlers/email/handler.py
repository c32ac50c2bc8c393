"""Lambda's entry point for the e-mail secret: its rotation with Amazon SES, and its verification."""

import os

from alees_secrets.kinds import KindName
from rotation_handlers.deadline import Deadline, LambdaContext
from rotation_handlers.edge import handle
from rotation_handlers.email.iam import shared_client as shared_iam_client
from rotation_handlers.email.manual import ManualEmail
from rotation_handlers.email.ses import SesKeys
from rotation_handlers.email.settings import EmailSettings
from rotation_handlers.email.smtp import log_in
from rotation_handlers.issued.credential import IssuedCredential
from rotation_handlers.secrets_manager import shared_client
from rotation_handlers.strategy import Strategy


def handler(event: object, context: LambdaContext) -> object:
    """Do one step of the e-mail secret's rotation, or an operation; see rotation_handlers.edge.handle."""

    def strategy(_name: str, deadline: Deadline) -> Strategy:
        settings = EmailSettings.from_environment(os.environ)
        if settings.ses is None:
            return ManualEmail(settings, deadline)
        keys = SesKeys(
            settings.ses,
            deadline,
            shared_iam_client(),
            lambda value: log_in(value, settings.certificate_authority, deadline),
        )
        return IssuedCredential(keys, KindName.EMAIL)

    return handle(event, context, shared_client(), strategy)
