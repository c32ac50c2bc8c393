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
from tests.template.reading import Template, plain, resources

INLINE, MANAGED, OF_SECRET, OF_KEY, TRUST = 10_240, 6_144, 20_480, 32_768, 2_048


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """Prod with 300 API services in three shards."""
    out = tmp_path_factory.mktemp("many")
    services = tuple(
        ApiService(name=f"service-of-a-partner-{number:03}", shard=1 + number // 100, provider=Internal())
        for number in range(300)
    )
    app = App(outdir=str(out))
    add_stacks(app, [replace(prod(), api_services=services)])
    app.synth()
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in out.glob("*.template.json")}


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
    return [
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
