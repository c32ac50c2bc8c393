import uuid

import pytest
from botocore.exceptions import ClientError

from local_cloud.aws import client_options, new_session
from tests.unit.local_cloud.launcher.cloudformation.templates import TRAIL
from tests.unit.local_cloud.launcher.trails import Trail
from tests.unit.local_cloud.local_aws import ALL_SECRETS, NOTHING, ROTATOR, LocalAws, wait_until

pytestmark = pytest.mark.servers

CANARY = "canary-4711-planted"


def test_call_is_told_as_typed_when_a_secret_is_read(own: LocalAws, trail: Trail) -> None:
    own.secrets.create_secret(Name="alees/dev/x", SecretString=CANARY)
    own.secrets.get_secret_value(SecretId="alees/dev/x", VersionStage="AWSCURRENT")
    record = trail.record("GetSecretValue")
    assert record["requestParameters"] == {"secretId": "alees/dev/x", "versionStage": "AWSCURRENT"}
    told = ("eventSource", "awsRegion", "eventType", "eventCategory", "managementEvent", "readOnly", "sourceIPAddress")
    assert [record[key] for key in told] == [
        "secretsmanager.amazonaws.com",
        "eu-central-1",
        "AwsApiCall",
        "Management",
        True,
        True,
        "127.0.0.1",
    ]
    assert record["userAgent"].startswith("Boto3/")
    assert "errorCode" not in record


def test_root_is_named_when_it_calls(own: LocalAws, trail: Trail) -> None:
    own.secrets.create_secret(Name="alees/dev/x", SecretString=CANARY)
    account = own.description.account
    assert trail.record("CreateSecret")["userIdentity"] == {
        "type": "Root",
        "principalId": account,
        "accountId": account,
        "accessKeyId": account,
        "arn": f"arn:aws:iam::{account}:root",
    }


def test_role_and_session_are_named_when_a_session_calls(own: LocalAws, trail: Trail) -> None:
    reader = own.role_client("reader", ALL_SECRETS, path="/alees/dev/")
    reader.list_secrets()
    role = own.iam.get_role(RoleName="reader")["Role"]
    identity = trail.record("ListSecrets")["userIdentity"]
    assert identity["sessionContext"].pop("attributes")["mfaAuthenticated"] == "false"
    assert identity.pop("accessKeyId").startswith("ASIA")
    account = own.description.account
    assert identity == {
        "type": "AssumedRole",
        "principalId": f"{role['RoleId']}:session",
        "accountId": account,
        "arn": f"arn:aws:sts::{account}:assumed-role/reader/session",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": role["RoleId"],
                "arn": f"arn:aws:iam::{account}:role/alees/dev/reader",
                "accountId": account,
                "userName": "reader",
            }
        },
    }
    assumed = trail.record("AssumeRole")
    assert (assumed["requestParameters"]["roleArn"], assumed["readOnly"]) == (role["Arn"], True)
    assert assumed["resources"] == [{"accountId": account, "type": "AWS::IAM::Role", "ARN": role["Arn"]}]


def test_user_is_named_when_it_calls_with_an_access_key(own: LocalAws, trail: Trail) -> None:
    user = own.iam.create_user(UserName="developer", Path="/alees/")["User"]
    key = own.iam.create_access_key(UserName="developer")["AccessKey"]
    options = client_options(own.description)
    options["aws_access_key_id"], options["aws_secret_access_key"] = key["AccessKeyId"], key["SecretAccessKey"]
    with pytest.raises(ClientError, match="AccessDenied"):
        new_session().client("secretsmanager", **options).list_secrets()
    assert trail.record("ListSecrets")["userIdentity"] == {
        "type": "IAMUser",
        "principalId": user["UserId"],
        "accountId": own.description.account,
        "accessKeyId": key["AccessKeyId"],
        "arn": user["Arn"],
        "userName": "developer",
    }


def test_refusal_is_told_when_a_call_is_denied(own: LocalAws, trail: Trail) -> None:
    arn = own.secrets.create_secret(Name="alees/dev/x", SecretString=CANARY)["ARN"]
    stranger = own.role_client("stranger", NOTHING)
    with pytest.raises(ClientError):
        stranger.get_secret_value(SecretId=arn)
    record = trail.record("GetSecretValue")
    assert (record["errorCode"], record["requestParameters"]) == ("AccessDenied", {"secretId": arn})
    assert (
        "assumed-role/stranger/session is not authorized to perform: secretsmanager:GetSecretValue"
        in (record["errorMessage"])
    )
    assert "resources" not in record


def test_error_is_told_when_a_call_fails(own: LocalAws, trail: Trail) -> None:
    with pytest.raises(ClientError):
        own.secrets.get_secret_value(SecretId="alees/dev/absent")
    with pytest.raises(ClientError):
        own.iam.get_role(RoleName="absent")
    assert trail.record("GetSecretValue")["errorCode"] == "ResourceNotFoundException"
    assert trail.record("GetRole")["errorCode"] == "NoSuchEntity"


def test_no_value_is_told_when_values_are_written_and_read(own: LocalAws, trail: Trail) -> None:
    arn = own.secrets.create_secret(Name="alees/dev/x", SecretString=CANARY)["ARN"]
    own.secrets.put_secret_value(SecretId=arn, SecretString=CANARY, ClientRequestToken=str(uuid.uuid4()))
    own.secrets.update_secret(SecretId=arn, SecretBinary=CANARY.encode())
    own.secrets.get_secret_value(SecretId=arn)
    with pytest.raises(ClientError):
        own.role_client("stranger", NOTHING).put_secret_value(SecretId=arn, SecretString=CANARY)
    assert len(trail.records("PutSecretValue")) == 2
    lines = own.logs.filter_log_events(logGroupName=trail.group)["events"]
    assert [line["message"] for line in lines if CANARY in line["message"]] == []


def test_each_secret_is_told_when_a_batch_is_read(own: LocalAws, trail: Trail) -> None:
    first = own.secrets.create_secret(Name="alees/dev/x", SecretString=CANARY)["ARN"]
    one = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": first}
    batch = {"Effect": "Allow", "Action": "secretsmanager:BatchGetSecretValue", "Resource": "*"}
    reader = own.role_client("reader", {"Version": "2012-10-17", "Statement": [one, batch]})
    second = own.secrets.create_secret(Name="alees/dev/y", SecretString=CANARY)["ARN"]
    reader.batch_get_secret_value(SecretIdList=[first, second])
    reads = trail.records("GetSecretValue")
    assert [(read["requestParameters"]["secretId"], read.get("errorCode")) for read in reads] == [
        (first, None),
        (second, "AccessDenied"),
    ]
    assert trail.record("BatchGetSecretValue")["requestParameters"] == {"secretIdList": [first, second]}


def test_call_is_told_in_us_east_1_when_it_is_iams(own: LocalAws, trail: Trail) -> None:
    own.iam.create_user(UserName="developer")
    assert trail.record("CreateUser")["awsRegion"] == "us-east-1"


def test_service_is_named_when_lambda_assumes_a_functions_role(own: LocalAws, trail: Trail) -> None:
    function = own.new_function(ROTATOR, "rotator.handler", policy=ALL_SECRETS)
    own.functions.invoke(FunctionName=function, Payload=b"{}")
    wait_until(lambda: trail.records("AssumeRole"), "no AssumeRole")
    record = trail.record("AssumeRole")
    assert record["userIdentity"] == {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}
    assert (
        record["requestParameters"]["roleArn"]
        == own.functions.get_function(FunctionName=function)["Configuration"]["Role"]
    )


def test_function_is_named_when_its_configuration_changes(own: LocalAws, trail: Trail) -> None:
    function = own.new_function(ROTATOR, "rotator.handler", policy=ALL_SECRETS)
    own.functions.update_function_configuration(FunctionName=function, Timeout=10)
    record = trail.record("UpdateFunctionConfiguration20150331v2")
    assert record["requestParameters"] == {"functionName": function, "timeout": 10}


def test_call_is_not_told_when_it_is_about_data(own: LocalAws, trail: Trail) -> None:
    topic = own.client("sns").create_topic(Name="alerts")["TopicArn"]
    own.client("sns").publish(TopicArn=topic, Message=CANARY)
    assert len(trail.records("CreateTopic")) == 1
    assert trail.records("Publish") == []


def test_last_call_is_the_stop_when_the_trail_is_stopped(own: LocalAws, trail: Trail) -> None:
    own.trail.stop_logging(Name=TRAIL)
    own.secrets.list_secrets()
    assert (len(trail.records("StopLogging")), trail.records("ListSecrets")) == (1, [])


def test_calls_are_told_again_when_the_trail_is_started(own: LocalAws, trail: Trail) -> None:
    own.trail.stop_logging(Name=TRAIL)
    own.trail.start_logging(Name=TRAIL)
    own.secrets.list_secrets()
    assert len(trail.records("StartLogging")) == 1
    assert len(trail.records("ListSecrets")) == 1


def test_calls_are_told_no_more_when_the_trail_was_deleted(own: LocalAws, trail: Trail) -> None:
    own.trail.delete_trail(Name=TRAIL)
    own.secrets.list_secrets()
    assert (len(trail.records("DeleteTrail")), trail.records("ListSecrets")) == (1, [])


def test_calls_of_other_regions_are_told_when_the_trail_is_of_all_regions(own: LocalAws, trail: Trail) -> None:
    own.in_region("eu-west-1").secrets.list_secrets()
    assert trail.record("ListSecrets")["awsRegion"] == "eu-west-1"


def test_calls_of_other_regions_are_not_told_when_the_trail_is_of_one(own: LocalAws, trail: Trail) -> None:
    own.trail.update_trail(Name=TRAIL, IsMultiRegionTrail=False)
    own.in_region("eu-west-1").secrets.list_secrets()
    assert trail.records("ListSecrets") == []


def test_history_has_the_call_when_there_is_no_trail(own: LocalAws) -> None:
    with pytest.raises(ClientError):
        own.secrets.get_secret_value(SecretId="alees/dev/absent")
    (event,) = own.trail.lookup_events(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetSecretValue"}]
    )["Events"]
    assert (event["Username"], '"errorCode": "ResourceNotFoundException"' in event["CloudTrailEvent"]) == ("root", True)
