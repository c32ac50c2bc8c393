"""The password for Amazon SES's SMTP interface, derived from the secret of an IAM access key.

https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html ("Obtaining Amazon SES SMTP credentials by converting
existing AWS credentials"). The constants are that document's. The secret of the key cannot be found from the password.
"""

import base64
import hashlib
import hmac

_DATE = "11111111"
_SERVICE = "ses"
_TERMINAL = "aws4_request"
_MESSAGE = "SendRawEmail"
_VERSION = b"\x04"


def smtp_password(secret_access_key: str, region: str) -> str:
    """Return the password that goes with an access key in one region; the user name is the key's id."""
    signature = f"AWS4{secret_access_key}".encode()
    for part in (_DATE, region, _SERVICE, _TERMINAL, _MESSAGE):
        signature = hmac.digest(signature, part.encode(), hashlib.sha256)
    return base64.b64encode(_VERSION + signature).decode("ascii")
