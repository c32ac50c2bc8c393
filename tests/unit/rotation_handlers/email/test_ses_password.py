"""The password is what AWS's document says."""

import base64

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from rotation_handlers.email.ses_password import smtp_password


def derived(secret: str, region: str) -> str:
    """Return the password by botocore's own key derivation, which signs every request to AWS.

    The document's algorithm is Signature Version 4 of the text SendRawEmail on the day 11111111.
    """
    request = AWSRequest()
    request.context["timestamp"] = "11111111T000000Z"
    signature = SigV4Auth(Credentials("id", secret), "ses", region).signature("SendRawEmail", request)
    return base64.b64encode(bytes([4]) + bytes.fromhex(signature)).decode()


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
@pytest.mark.parametrize("secret", ["a", "0123456789/+abcdefghijklmnopqrstuvwxyzABCD"])
def test_the_password_is_a_signature_when_aws_derives_it(secret: str, region: str) -> None:
    assert smtp_password(secret, region) == derived(secret, region)


def test_another_region_has_another_password() -> None:
    assert smtp_password("a", "eu-central-1") != smtp_password("a", "eu-west-1")


def test_the_password_begins_with_the_version_and_has_nothing_of_the_secret() -> None:
    decoded = base64.b64decode(smtp_password("secret", "eu-central-1"))

    assert (decoded[0], len(decoded)) == (4, 33)
    assert b"secret" not in decoded
