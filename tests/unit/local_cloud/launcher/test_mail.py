"""The mail server knows the access keys of the local AWS."""

import smtplib
import ssl
import uuid

import pytest

from local_cloud.mail.password import expected_password
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


def new_key(aws: LocalAws) -> tuple[str, str, str]:
    """Make a user with a key; return user, key id and SMTP password."""
    user = f"user-{uuid.uuid4()}"
    aws.iam.create_user(UserName=user)
    key = aws.iam.create_access_key(UserName=user)["AccessKey"]
    return user, key["AccessKeyId"], expected_password(key["SecretAccessKey"], aws.description.region)


def send(aws: LocalAws, user: str, password: str) -> None:
    """Log in over verified TLS and send a mail, as an application does."""
    where = aws.description
    with smtplib.SMTP("127.0.0.1", where.mail_port, local_hostname="localhost") as session:
        session.starttls(context=ssl.create_default_context(cafile=where.mail_certificate_authority))
        session.login(user, password)
        session.sendmail("erp@alees.example", ["somebody@alees.example"], "Subject: test\n\ntest")


def test_the_login_succeeds_when_the_password_is_the_active_keys(aws: LocalAws, own: LocalAws) -> None:
    for account in (aws, own):
        _, key_id, password = new_key(account)

        send(account, key_id, password)


def test_the_login_is_refused_when_the_password_is_another(aws: LocalAws) -> None:
    _, key_id, password = new_key(aws)

    for wrong in (password[::-1], ""):
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            send(aws, key_id, wrong)
        assert caught.value.smtp_code == 535


def test_the_login_is_refused_when_the_key_is_ended(aws: LocalAws) -> None:
    user, key_id, password = new_key(aws)

    aws.iam.update_access_key(UserName=user, AccessKeyId=key_id, Status="Inactive")
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(aws, key_id, password)
    aws.iam.update_access_key(UserName=user, AccessKeyId=key_id, Status="Active")
    send(aws, key_id, password)
    aws.iam.delete_access_key(UserName=user, AccessKeyId=key_id)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(aws, key_id, password)


def test_no_login_is_offered_without_tls(aws: LocalAws) -> None:
    with smtplib.SMTP("127.0.0.1", aws.description.mail_port, local_hostname="localhost") as session:
        session.ehlo()

        assert session.has_extn("starttls")
        assert not session.has_extn("auth")
