import json
from urllib.parse import urlencode

import pytest

from local_cloud.launcher.cloudtrail.parameters import request_parameters

CANARY = "canary-4711-planted"
JSON = {"content-type": "application/x-amz-json-1.1"}
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def _of_json(request: object, service: str = "secretsmanager", path: str = "/") -> object:
    return request_parameters(service, path, JSON, json.dumps(request).encode(), {})


def test_names_begin_in_lower_case_when_a_request_is_json() -> None:
    request = {"SecretId": "x", "RotationRules": {"AutomaticallyAfterDays": 30}, "Tags": [{"Key": "a", "Value": "b"}]}
    assert _of_json(request) == {
        "secretId": "x",
        "rotationRules": {"automaticallyAfterDays": 30},
        "tags": [{"key": "a", "value": "b"}],
    }


@pytest.mark.parametrize(
    "name", ["SecretString", "SecretBinary", "secretstring", "RotationToken", "Value", "Plaintext", "Environment"]
)
def test_value_is_left_out_when_a_parameter_may_hold_one(name: str) -> None:
    assert _of_json({"SecretId": "x", name: CANARY}) == {"secretId": "x"}


def test_lists_are_kept_when_a_request_is_a_form() -> None:
    fields = {
        "Action": "CreateRole",
        "Version": "2010-05-08",
        "RoleName": "r",
        "Tags.member.1.Key": "a",
        "Tags.member.1.Value": "b",
    }
    assert request_parameters("iam", "/", FORM, urlencode(fields).encode(), {}) == {
        "roleName": "r",
        "tags": {"1.Key": "a", "1.Value": "b"},
    }


def test_text_is_kept_when_a_field_stands_alone_and_has_members() -> None:
    assert request_parameters("iam", "/", FORM, b"Tags=x&Tags.member.1.Key=a", {}) == {"tags": "x"}


def test_template_and_its_parameters_are_left_out_when_a_stack_is_created() -> None:
    fields = {
        "StackName": "s",
        "TemplateBody": CANARY,
        "Parameters.member.1.ParameterKey": "k",
        "Parameters.member.1.ParameterValue": CANARY,
    }
    assert request_parameters("cloudformation", "/", FORM, urlencode(fields).encode(), {}) == {"stackName": "s"}


def test_function_and_bucket_are_named_when_they_stand_in_the_path() -> None:
    assert _of_json({"Timeout": 3}, "lambda", "/2015-03-31/functions/arn%3Aaws%3Alambda/configuration") == {
        "functionName": "arn:aws:lambda",
        "timeout": 3,
    }
    assert request_parameters("s3", "/bucket", {}, b"<Versioning/>", {"versioning": [""]}) == {"bucketName": "bucket"}


@pytest.mark.parametrize("body", [b"", b"{}", b"no json", b"[1]", b"\xff\xfe"])
def test_nothing_is_told_when_a_request_has_no_parameters(body: bytes) -> None:
    assert request_parameters("secretsmanager", "/", JSON, body, {}) is None


def test_nothing_is_told_when_the_parameters_are_larger_than_cloudtrail_keeps() -> None:
    assert _of_json({"ResourcePolicy": "x" * 100 * 1024}) is None
    assert _of_json({"ResourcePolicy": "x" * 90 * 1024}) is not None
