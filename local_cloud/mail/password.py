"""The SMTP password that Amazon SES expects of an access key, by botocore's own key derivation.

https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html: it is Signature Version 4 of the text SendRawEmail on
the day 11111111. Built otherwise than the rotation function's, so that one checks the other.
"""

import base64

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

_VERSION = 4


def expected_password(secret_access_key: str, region: str) -> str:
    """Return the password that goes with an access key in one region."""
    request = AWSRequest()
    request.context["timestamp"] = "11111111T000000Z"
    signature = SigV4Auth(Credentials("id", secret_access_key), "ses", region).signature("SendRawEmail", request)
    return base64.b64encode(bytes([_VERSION]) + bytes.fromhex(signature)).decode("ascii")
