"""Amazon SES by SMTP: lets in whoever has the password of an active access key.

It runs in the local AWS's own process, which alone knows the keys' secrets: IAM never tells them again.
"""

import asyncio
import hmac
import os
import socket
from pathlib import Path

from local_cloud.launcher.iam.access_keys import access_key_secret
from local_cloud.mail.certificates import server_context
from local_cloud.mail.password import expected_password
from local_cloud.mail.server import mail_protocol

REGION_VARIABLE = "MINISTACK_REGION"


async def serve_mail(descriptor: int, folder: Path) -> asyncio.Server:
    """Serve on the socket with this descriptor, with the certificate in *folder*."""
    protocol = mail_protocol(_accepts, server_context(folder))
    return await asyncio.get_running_loop().create_server(protocol, sock=socket.socket(fileno=descriptor))


def _accepts(key_id: str, password: str) -> bool:
    """Tell whether SES would: the user's policy is looked at only when mail is sent."""
    secret = access_key_secret(key_id)
    if secret is None:
        return False
    return hmac.compare_digest(password.encode(), expected_password(secret, os.environ[REGION_VARIABLE]).encode())
