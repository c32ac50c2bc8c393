"""A rotation that fails, and what becomes of it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.prove.checks.check import Seen, seen
from tests.prove.sandbox import Sandbox

_JWT = "jwt/credentials"
_ALERT_MINUTES = 20
_TRIES = 3
"""The first and two more, as Lambda tries an asynchronous invocation."""


def failed_rotation(sandbox: Sandbox) -> Seen:
    """Break the JWT function, rotate, wait for the alert, mend it, and take the same version up."""
    secrets = sandbox.client("secretsmanager")
    with _alerts(sandbox) as alerts:
        since = int(time.time() * 1000)
        with _broken_function(sandbox):
            version = secrets.rotate_secret(SecretId=sandbox.secret(_JWT))["VersionId"]
            failed = f"Rotation of {sandbox.secret(_JWT)} failed"
            alerted = sandbox.wait_for(lambda: any(failed in subject for subject in alerts()), _ALERT_MINUTES)
        tries = _tries(sandbox, version, since)
    taken_up = sandbox.rotate(_JWT, token=version)
    text = (
        f"{'an alert' if alerted else f'no alert in {_ALERT_MINUTES} minutes'} after {tries} tries, then the same "
        f"version {'is' if taken_up else 'is not'} current"
    )
    return seen(text, as_expected=alerted and taken_up and tries == _TRIES)


@contextmanager
def _alerts(sandbox: Sandbox) -> Iterator[Any]:
    """Subscribe a queue to the environment's topic; yields what receives the subjects of alerts."""
    sqs, sns = sandbox.client("sqs"), sandbox.client("sns")
    topics = sandbox.made(sandbox.stacks[-1], "AWS::SNS::Topic")
    (topic,) = (each for each in topics if "-AlertsTopic" in each)  # beside the one that tells applications
    url = sqs.create_queue(QueueName="alees-sandbox-prove")["QueueUrl"]
    try:
        queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)

        def receive() -> list[str]:
            messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
            return [json.loads(each["Body"])["Subject"] for each in messages]

        yield receive
    finally:
        sqs.delete_queue(QueueUrl=url)


@contextmanager
def _broken_function(sandbox: Sandbox) -> Iterator[None]:
    """Have the JWT function refuse its settings for a while."""
    lambda_, function = sandbox.client("lambda"), sandbox.describe(_JWT)["RotationLambdaARN"]
    variables = lambda_.get_function_configuration(FunctionName=function)["Environment"]["Variables"]

    def give(values: dict[str, str]) -> None:
        lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": values})
        lambda_.get_waiter("function_updated_v2").wait(FunctionName=function)

    try:
        give({**variables, "JWT_ALGORITHM": "none"})
        yield
    finally:
        give(variables)


def _tries(sandbox: Sandbox, version: str, since: int) -> int:
    """Count the lines about failed steps of a version in the functions' logs."""
    pages = sandbox.client("logs").get_paginator("filter_log_events")
    lines = [
        event["message"]
        for group in sandbox.made(sandbox.stacks[-1], "AWS::Logs::LogGroup")
        for page in pages.paginate(logGroupName=group, startTime=since, filterPattern=f'"{version[:8]}"')
        for event in page["events"]
    ]
    return sum('"outcome": "failed"' in line for line in lines)
