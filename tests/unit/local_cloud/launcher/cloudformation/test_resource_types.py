"""Every type that the stacks use is made, changed in place and removed."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_cloud.launcher.cloudformation.stacks import Resources, Stack, secret
from tests.unit.local_cloud.launcher.cloudformation.templates import key, policy, trail, trusting
from tests.unit.local_cloud.local_aws import LocalAws

pytestmark = pytest.mark.servers

Template = Callable[[str, str], Resources]
"""Takes a name of the test's own, and which of two stages of the template to return."""

FIRST, CHANGED = "first", "changed"

LOGS = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
NOBODY = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}


def _of(type_name: str, **properties: Any) -> Resources:
    return {"Made": {"Type": type_name, "Properties": properties}}


def _bucket(name: str, stage: str) -> Resources:
    statement = {**NOBODY, "Resource": f"arn:aws:s3:::{name}/{'two' if stage == CHANGED else 'one'}"}
    lifecycle = {"Id": "old", "Status": "Enabled", "ExpirationInDays": 30 if stage == CHANGED else 60}
    properties = {
        "BucketName": name,
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {"Rules": [lifecycle]},
        "LoggingConfiguration": {"DestinationBucketName": name, "LogFilePrefix": "access/"},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
    }
    attached = {"Bucket": {"Ref": "Made"}, "PolicyDocument": policy(statement)}
    return {
        **_of("AWS::S3::Bucket", **properties),
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": attached},
    }


def _managed_policy(name: str, stage: str) -> Resources:
    resource = "arn:aws:logs:*:*:*" if stage == CHANGED else "*"
    return _of("AWS::IAM::ManagedPolicy", ManagedPolicyName=name, PolicyDocument=policy({**LOGS, "Resource": resource}))


def _role(name: str, stage: str) -> Resources:
    return _of(
        "AWS::IAM::Role",
        RoleName=name,
        Path="/alees/dev/",
        Description=stage,
        AssumeRolePolicyDocument=trusting("lambda.amazonaws.com"),
    )


def _key(name: str, stage: str) -> Resources:
    made = key(Description=stage, EnableKeyRotation=True, RotationPeriodInDays=365)
    alias = {"AliasName": f"alias/{name}", "TargetKeyId": {"Ref": "Made"}}
    return {"Made": made, "Alias": {"Type": "AWS::KMS::Alias", "Properties": alias}}


def _topic(name: str, stage: str) -> Resources:
    made = _of("AWS::SNS::Topic", TopicName=name, DisplayName=stage)
    publish = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish"}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}
    subscription = {
        "TopicArn": {"Ref": "Made"},
        "Protocol": "sqs",
        "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]},
        "RawMessageDelivery": stage == CHANGED,
    }
    attached = {"Topics": [{"Ref": "Made"}], "PolicyDocument": policy({**publish, "Resource": {"Ref": "Made"}})}
    return {
        **made,
        "Queue": queue,
        "Policy": {"Type": "AWS::SNS::TopicPolicy", "Properties": attached},
        "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": subscription},
    }


def _rule(name: str, stage: str) -> Resources:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}
    names = ["RotationFailed", "RotationAbandoned"] if stage == CHANGED else ["RotationFailed"]
    pattern = {"source": ["aws.secretsmanager"], "detail": {"eventName": names}}
    return {
        **_of("AWS::Events::Rule", EventPattern=pattern, Targets=[{"Id": "topic", "Arn": {"Ref": "Topic"}}]),
        "Topic": topic,
    }


def _alarm(name: str, stage: str) -> Resources:
    return _of(
        "AWS::CloudWatch::Alarm",
        AlarmName=name,
        Namespace="AWS/Events",
        MetricName="FailedInvocations",
        ComparisonOperator="GreaterThanThreshold",
        Threshold=2 if stage == CHANGED else 1,
        EvaluationPeriods=1,
        Period=300,
        Statistic="Sum",
    )


def _network(_name: str, stage: str) -> Resources:
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    ingress = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
    group = {
        "GroupDescription": "endpoint",
        "VpcId": {"Ref": "Vpc"},
        "SecurityGroupIngress": [ingress, *([{**ingress, "CidrIp": "10.1.0.0/16"}] if stage == CHANGED else [])],
    }
    endpoint = {
        "VpcId": {"Ref": "Vpc"},
        "VpcEndpointType": "Interface",
        "ServiceName": "com.amazonaws.eu-central-1.secretsmanager",
        "SecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}],
        "PrivateDnsEnabled": True,
    }
    return {
        **_of("AWS::EC2::VPCEndpoint", **endpoint),
        "Vpc": vpc,
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": group},
    }


def _secret(name: str, stage: str) -> Resources:
    replica = [{"Region": "eu-west-1"}]
    return {"Made": secret(name, Description=stage, ReplicaRegions=replica)}


def _trail(name: str, stage: str) -> Resources:
    return trail(f"bucket-{name}", IsLogging=stage == FIRST)


TEMPLATES = [_bucket, _managed_policy, _role, _key, _topic, _rule, _alarm, _network, _secret, _trail]
by_name = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__.strip("_"))


@pytest.fixture
def name() -> str:
    return f"test-{uuid.uuid4()}-made"


@by_name
def test_resources_stay_the_same_when_the_template_changes(own_stack: Stack, name: str, template: Template) -> None:
    own_stack.deploy(template(name, FIRST))
    before = own_stack.physical_ids()
    own_stack.deploy(template(name, CHANGED))
    assert own_stack.physical_ids() == before


@by_name
def test_nothing_is_done_when_the_same_template_is_deployed_again(
    own_stack: Stack, name: str, template: Template
) -> None:
    own_stack.deploy(template(name, FIRST))
    with pytest.raises(ClientError, match="No updates are to be performed"):
        own_stack.attempt(template(name, FIRST))


@by_name
def test_stack_deploys_anew_when_it_was_deleted(own_stack: Stack, name: str, template: Template) -> None:
    own_stack.deploy(template(name, FIRST))
    own_stack.delete()
    own_stack.deploy(template(name, FIRST))
    assert own_stack.status() == "CREATE_COMPLETE"


@by_name
def test_nothing_is_left_when_the_stack_was_deleted(
    own: LocalAws, own_stack: Stack, name: str, template: Template
) -> None:
    own_stack.deploy(template(name, FIRST))
    own_stack.delete()
    assert _leftovers(own) + _leftovers(own.in_region("eu-west-1")) == []


def _leftovers(own: LocalAws) -> list[object]:
    """Return what an account has; keys wait for their deletion, as in AWS."""
    return [
        *own.secrets.list_secrets(IncludePlannedDeletion=True)["SecretList"],
        *own.client("kms").list_aliases()["Aliases"],
        *own.iam.list_roles()["Roles"],
        *own.iam.list_policies(Scope="Local")["Policies"],
        *own.logs.describe_log_groups()["logGroups"],
        *own.client("sns").list_topics()["Topics"],
        *own.client("events").list_rules()["Rules"],
        *own.client("cloudwatch").describe_alarms()["MetricAlarms"],
        *own.client("s3").list_buckets()["Buckets"],
        *own.trail.describe_trails()["trailList"],
    ]
