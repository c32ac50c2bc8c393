"""Policies stay within the sizes that AWS allows, with 300 API services.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html and
https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
"""

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from aws_cdk import App

from config.environments import prod
from config.services import ApiService, Internal
from stacks.deployment import add_stacks
from tests.fakes.services import managed_service
from tests.template.reading import Template, plain, resources

MANAGED_SERVICES = (("none", 46), ("one", 23), ("own", 18))
"""Keys and numbers of management secrets in each shard; tests/unit/config/test_environment.py shows that one more is
refused."""

INLINE, MANAGED, OF_SECRET, OF_KEY, TRUST = 10_240, 6_144, 20_480, 32_768, 2_048


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """Prod with 300 API services in three shards, and in each as many management secrets as config allows."""
    out = tmp_path_factory.mktemp("many")
    services = tuple(_service(number) for number in range(300))
    app = App(outdir=str(out))
    add_stacks(app, [replace(prod(), api_services=services)])
    app.synth()
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in out.glob("*.template.json")}


def _service(number: int) -> ApiService:
    shard, (keys, most) = 1 + number // 100, MANAGED_SERVICES[number // 100]
    if number % 100 < most:
        return managed_service(number, keys, shard)
    return ApiService(name=f"service-of-a-partner-{number:03}", shard=shard, provider=Internal())


def _size(document: Any) -> int:
    """Return the length of a policy without white space, which IAM does not count."""
    return len(json.dumps(plain(document), separators=(",", ":")))


def _oversized(template: Template) -> list[str]:
    inline = Counter[str]()
    for each in resources(template, "AWS::IAM::Policy").values():
        for sort in ("Roles", "Groups", "Users"):
            for holder in each["Properties"].get(sort, []):
                inline[holder["Ref"]] += _size(each["Properties"]["PolicyDocument"])
    limits = (
        ("AWS::IAM::ManagedPolicy", "PolicyDocument", MANAGED),
        ("AWS::IAM::Role", "AssumeRolePolicyDocument", TRUST),
        ("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", OF_SECRET),
        ("AWS::KMS::Key", "KeyPolicy", OF_KEY),
    )
    # The CDK moves what does not fit into a role's own policy to managed ones, which no review looks for.
    moved = [
        name for name, each in resources(template, "AWS::IAM::ManagedPolicy").items() if "Roles" in each["Properties"]
    ]
    return [
        *(f"{name}: moved" for name in moved),
        *(f"{name}: {size} of {INLINE}" for name, size in inline.items() if size > INLINE),
        *(
            f"{name}: {_size(each['Properties'][key])} of {limit}"
            for kind, key, limit in limits
            for name, each in resources(template, kind).items()
            if _size(each["Properties"][key]) > limit
        ),
    ]


def test_every_policy_fits_with_300_services(many: dict[str, Template]) -> None:
    secrets = sum(len(resources(template, "AWS::SecretsManager::Secret")) for template in many.values())

    assert secrets > 300
    assert {name: _oversized(template) for name, template in many.items()} == {name: [] for name in many}


def test_a_list_of_300_services_is_found_too_long(many: dict[str, Template]) -> None:
    template = many["AleesSecretsProd.template.json"]
    (policy,) = (
        each
        for name, each in resources(template, "AWS::IAM::Policy").items()
        if name.startswith("ApplicationRoleDefaultPolicy")
    )
    statement = policy["Properties"]["PolicyDocument"]["Statement"][0]
    named = [f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:alees/prod/api/{n}/key" for n in range(300)]
    kept, statement["Resource"] = statement["Resource"], named

    assert [line.split(":")[0] for line in _oversized(template)] == ["ApplicationRole770F378B"]
    statement["Resource"] = kept
