import uuid

import pytest

from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers


@pytest.fixture
def name() -> str:
    return f"test/{uuid.uuid4()}/made"


def test_token_becomes_the_version_id_when_a_secret_is_created(aws: LocalAws, name: str) -> None:
    token = str(uuid.uuid4())
    answer = aws.secrets.create_secret(Name=name, SecretString="first", ClientRequestToken=token)
    assert (answer["VersionId"], aws.labels(name)) == (token, {"AWSCURRENT": token})


def test_secret_has_no_version_when_it_is_created_without_a_value(aws: LocalAws, name: str) -> None:
    answer = aws.secrets.create_secret(Name=name)
    assert not {"VersionId"} & answer.keys()
    assert aws.labels(name) == {}


def test_first_value_has_no_predecessor_when_the_secret_had_none(aws: LocalAws, name: str) -> None:
    aws.secrets.create_secret(Name=name)
    version = aws.secrets.put_secret_value(SecretId=name, SecretString="first")["VersionId"]
    assert aws.labels(name) == {"AWSCURRENT": version}


def test_creation_succeeds_again_when_the_request_is_the_same(aws: LocalAws, name: str) -> None:
    token = str(uuid.uuid4())
    first = aws.secrets.create_secret(Name=name, SecretString="first", ClientRequestToken=token)
    again = aws.secrets.create_secret(Name=name, SecretString="first", ClientRequestToken=token)
    assert again["ARN"] == first["ARN"]


def test_creation_is_refused_when_the_name_is_taken(aws: LocalAws, name: str) -> None:
    aws.secrets.create_secret(Name=name, SecretString="first")
    with pytest.raises(aws.secrets.exceptions.ResourceExistsException, match="already exists"):
        aws.secrets.create_secret(Name=name, SecretString="first")


def test_creation_is_refused_when_the_name_is_scheduled_for_deletion(aws: LocalAws, name: str) -> None:
    aws.secrets.create_secret(Name=name, SecretString="first")
    aws.secrets.delete_secret(SecretId=name)
    with pytest.raises(aws.secrets.exceptions.InvalidRequestException, match="scheduled for deletion"):
        aws.secrets.create_secret(Name=name, SecretString="first")
