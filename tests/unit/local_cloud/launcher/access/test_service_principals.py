from typing import Any

import pytest

from local_cloud.launcher.access.service_principals import admits

TOPIC = "arn:aws:sns:eu-central-1:000000000000:alerts"
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sns:Publish",
    "Resource": TOPIC,
    "Condition": {"StringEquals": {"aws:SourceAccount": "000000000000"}},
}
KEYS = {"aws:sourceaccount": "000000000000"}


def _admitted(policy: Any, service: str = "events.amazonaws.com", keys: dict[str, str] = KEYS) -> bool:
    return admits(policy, service, "sns:Publish", TOPIC, keys)


def test_service_is_admitted_when_a_statement_names_it() -> None:
    assert _admitted({"Statement": [STATEMENT]})


@pytest.mark.parametrize(
    "spoiled",
    [
        {"Principal": {"Service": "cloudwatch.amazonaws.com"}},
        {"Principal": {"AWS": "arn:aws:iam::000000000000:root"}},
        {"Action": "sns:Subscribe"},
        {"Resource": f"{TOPIC}-other"},
        {"Effect": "Deny"},
    ],
)
def test_service_is_not_admitted_when_no_statement_fits(spoiled: dict[str, Any]) -> None:
    assert not _admitted({"Statement": [{**STATEMENT, **spoiled}]})


def test_service_is_not_admitted_when_it_sends_no_key_for_the_condition() -> None:
    assert not _admitted({"Statement": [STATEMENT]}, keys={})


def test_service_is_admitted_when_only_calls_without_tls_are_denied() -> None:
    plain = {**STATEMENT, "Effect": "Deny", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert _admitted({"Statement": [STATEMENT, plain]})


def test_nobody_is_admitted_when_there_is_no_policy() -> None:
    assert not _admitted(None)
