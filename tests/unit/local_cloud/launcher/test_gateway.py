import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError

from local_cloud.aws import client_options, new_session
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


def _post(aws: LocalAws, headers: dict[str, str], path: str = "/", body: bytes = b"{}") -> int:
    target = {"X-Amz-Target": "secretsmanager.ListSecrets", "Content-Type": "application/x-amz-json-1.1"}
    request = urllib.request.Request(  # noqa: S310 - our own address
        aws.description.endpoint_url + path, body, {**target, **headers}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


SIGNED = (
    "AWS4-HMAC-SHA256 Credential={}/20261123/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0"
)


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "local",
        "Bearer somebody",
        "Basic bG9jYWw=",
        "AWS4-HMAC-SHA256",
        "Other Credential=000000000000/x",
        "AWS :signature",
        "AWS unknown:signature",
        SIGNED.format(""),
        SIGNED.format("UNKNOWN"),
        SIGNED.format("UNKNOWN") + ", Credential=000000000000/x",
    ],
)
def test_caller_is_refused_when_it_shows_no_known_key(aws: LocalAws, authorization: str | None) -> None:
    assert _post(aws, {} if authorization is None else {"Authorization": authorization}) in {400, 403}


@pytest.mark.parametrize(
    "query",
    [
        "X-Amz-Credential=",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=/x",
        "AWSAccessKeyId=&Signature=x",
        "AWSAccessKeyId=UNKNOWN&Signature=x",
    ],
)
def test_caller_is_refused_when_its_query_names_no_known_key(aws: LocalAws, query: str) -> None:
    assert _post(aws, {}, f"/?{query}") in {400, 403}


def test_caller_is_let_in_when_it_shows_the_account_as_key(aws: LocalAws) -> None:
    assert _post(aws, {"Authorization": SIGNED.format("000000000000")}) == 200


def test_signature_is_checked_when_the_key_is_a_users(aws: LocalAws) -> None:
    aws.iam.create_user(UserName="signs-wrongly")
    key = aws.iam.create_access_key(UserName="signs-wrongly")["AccessKey"]
    options = client_options(aws.description)
    options["aws_access_key_id"] = key["AccessKeyId"]
    client = new_session().client("secretsmanager", **options)
    with pytest.raises(ClientError) as refused:
        client.list_secrets()
    assert refused.value.response["Error"]["Code"] == "InvalidSignatureException"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"advance_seconds": -1}', b'{"advance_seconds": "x"}'])
def test_clock_refuses_when_it_is_not_told_how_far_to_go(aws: LocalAws, body: bytes) -> None:
    assert _post(aws, {}, "/_local/clock", body) == 400
