"""The policies of every environment say what the access matrix says: cell by cell, and each layer alone."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from config.environments import declared
from constructs_lib.permissions_boundary import BOUNDARY, PEOPLE_BOUNDARY
from tests.template.iam import layers
from tests.template.iam.besides import ESCALATIONS, besides
from tests.template.iam.boundaries import boundary
from tests.template.iam.cells import cells
from tests.template.iam.checked import named
from tests.template.iam.evaluation import Decision, Request, decide
from tests.template.iam.layers import Question
from tests.template.iam.mutants import KNOWN, mutants, policies
from tests.template.iam.probes import KMS_KEY, UNDECLARED
from tests.template.iam.trust import trust, trusted
from tests.template.iam.world import Principal, World, arn_of, build_world
from tests.template.reading import Template, plain, resources

ENVIRONMENTS = {environment.name: environment for environment in declared()}


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def world(request: pytest.FixtureRequest, templates: dict[str, Template]) -> World:
    """One environment's policies."""
    return build_world(ENVIRONMENTS[request.param], templates)


def test_every_cell_is_as_the_matrix_has_it(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(cells(world))
    count = Counter(cell.wanted for cell in found)

    with capsys.disabled():
        sys.stdout.write(f"\n{world.environment.name}: {count[True]} cells allowed, {count[False]} denied\n")
    assert [cell for cell in found if cell.wanted is not cell.found] == []
    assert count[True] > 50
    assert count[False] > 500


@pytest.mark.parametrize("layer", [layers.own_policies, layers.own_use_of_keys, besides])
def test_a_roles_policies_alone_say_what_the_matrix_says(world: World, layer: Callable[..., list[Question]]) -> None:
    for principal in world.principals.values():
        assert list(layers.wrong(principal.own, layer(world, principal))) == []


def test_no_boundary_leaves_a_way_to_more_rights(world: World) -> None:
    assert {BOUNDARY, PEOPLE_BOUNDARY} <= set(world.boundaries)
    for name, statements in world.boundaries.items():
        assert list(layers.wrong(statements, boundary(world, name))) == []
        for action in (*ESCALATIONS, "s3:GetObject", "kms:CreateGrant", "secretsmanager:GetRandomPassword"):
            for target in ("*", *(each.arn for each in world.principals.values()), *world.functions):
                request = Request(action, target, "arn:aws:iam::1:role/somebody")
                assert decide(statements, request) is Decision.SILENT


def test_a_way_to_more_rights_is_found_when_a_boundary_leaves_one(world: World) -> None:
    for name, statements in world.boundaries.items():
        more = [*statements, {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]

        assert any("iam:PassRole" in line for line in layers.wrong(more, boundary(world, name)))


def test_a_role_trusts_whom_configuration_names_and_nobody_else(world: World) -> None:
    for principal in world.principals.values():
        if principal.trust:
            assert list(layers.wrong(principal.trust, trust(world, principal))) == []
            assert named(principal.trust) == trusted(world, principal)


def test_a_secrets_policy_alone_denies_values_to_whom_the_matrix_does_not_name(world: World) -> None:
    for name, secret in world.secrets.items():
        assert list(layers.wrong(secret.policy, layers.secret_policy(world, name, secret))) == []


def test_a_keys_policy_alone_admits_whom_the_matrix_names(world: World) -> None:
    for key in world.keys.values():
        if key.arn in {secret.key for secret in world.secrets.values()}:
            assert list(layers.wrong(key.policy, layers.key_policy(world, key))) == []
    replicas = world.recovery_key
    assert replicas is not None
    assert list(layers.wrong(replicas.policy, layers.recovery_key_policy(world, replicas))) == []


ADMINISTRATOR = Principal("arn:aws:iam::{}:role/administrator")
ADMINISTRATOR.own = ADMINISTRATOR.boundary = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
"""Somebody whom the account's IAM allows everything, outside the matrix."""


def test_a_secret_that_the_client_made_is_read_by_those_whom_its_key_admits_and_nobody_else(world: World) -> None:
    slug = world.environment.slug
    name = f"alees/{slug}/api/{UNDECLARED}/key"
    administrator = replace(ADMINISTRATOR, arn=ADMINISTRATOR.arn.format(world.account))
    elsewhere = replace(administrator, arn=f"arn:aws:iam::{world.account}:role/alees/x/alees-x-application")
    made = world.secret(name)

    assert made is not None
    assert made.policy == []
    for stranger in (administrator, elsewhere):
        assert world.own_allows(stranger, "secretsmanager:GetSecretValue", made.arn, {})
        assert not world.may(stranger, "secretsmanager:GetSecretValue", name, {})
    assert world.may(world.principals[f"alees-{slug}-application"], "secretsmanager:GetSecretValue", name, {})


def test_a_secret_under_another_key_is_made_by_nobody(world: World) -> None:
    name = f"alees/{world.environment.slug}/api/{UNDECLARED}/key"
    may_create = [
        each
        for each in world.principals.values()
        if world.may(each, "secretsmanager:CreateSecret", name, {KMS_KEY: f"alias/alees/{world.environment.slug}/api"})
    ]

    assert may_create
    for principal in may_create:
        for key in layers.other_keys(world):
            assert not world.own_allows(principal, "secretsmanager:CreateSecret", arn_of(world, name), key)


@pytest.mark.parametrize("operator", ["DateLessThan", "DateLessThanIfExists", "StringNotSimilar", "ForAllValues:Like"])
def test_a_condition_that_the_evaluation_does_not_know_is_an_error_also_where_its_key_is_absent(operator: str) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {operator: {"aws:Nothing": "x"}}}

    with pytest.raises(KeyError, match=operator.rpartition(":")[2].removesuffix("IfExists")):
        decide([statement], Request("sts:AssumeRole", "*", "arn:aws:iam::1:role/somebody"))


def test_every_role_and_user_has_a_boundary(templates: dict[str, Template]) -> None:
    boundaries = {
        (stack, name): str(plain(each["Properties"].get("PermissionsBoundary", "none")))
        for stack, template in templates.items()
        for kind in ("AWS::IAM::Role", "AWS::IAM::User")
        for name, each in resources(template, kind).items()
    }

    assert len(boundaries) > 20
    assert {key: each for key, each in boundaries.items() if "oundary" not in each} == {}


_ALL = r"arn:[^*]+:secret:alees/[a-z]+/\*"

EXPLAINED = {
    r"alees/[a-z]+/admin/credentials: does not deny secretsmanager:GetSecretValue": (
        "nobody at all may read the honey secret, with TLS or without"
    ),
    r"(alias/alees/[a-z]+/[a-z]+|alees-[a-z-]+'s trust): ArnLikeIfExists aws:PrincipalArn": (
        "a caller who shows no credentials has no ARN, and is none of the account's principals, whom a statement names"
    ),
    rf"alees-[a-z-]+: {_ALL}-\?{{6}} is {_ALL}(-\?{{6}}\*)?": (
        "every ARN of a secret ends in a hyphen and six characters: a pattern for all of an environment's needs none"
    ),
    rf"alees-[a-z-]+: StringLike kms:EncryptionContext:SecretARN is \['{_ALL}-\?{{6}}', '{_ALL}(-\?{{6}}\*)?'\]": (
        "the same, in the condition on the use of keys"
    ),
}
"""Mutants that change nothing, as patterns, each with its reason."""


@pytest.mark.parametrize("name", ["Prod", "Dev"])  # Staging has Prod's statements
def test_every_weaker_statement_is_found(
    name: str, templates: dict[str, Template], capsys: pytest.CaptureFixture[str]
) -> None:
    world = build_world(ENVIRONMENTS[name], templates)
    count, survivors = 0, []
    for policy in policies(world):
        assert list(policy.wrong()) == []
        assert policy.actions() <= KNOWN  # what the questions do not know, they could not see
        found = list(mutants(world, policy))
        count += len(found)
        survivors += [mutant.name for mutant in found if mutant.survives()]

    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {count} mutants, {len(survivors)} survivors\n")
    assert [each for each in survivors if not any(re.fullmatch(pattern, each) for pattern in EXPLAINED)] == []
    if name == "Prod":
        assert [pattern for pattern in EXPLAINED if not any(re.fullmatch(pattern, each) for each in survivors)] == []
    assert count > 2_000


NOBODY_READS = [{"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]
"""What the derivation makes of a matrix that names nobody, or nobody who exists."""

DEPLOYER = Principal("arn:aws:iam::111122223333:role/cdk-x-cfn-exec-role-111122223333-eu-central-1")
DEPLOYER.own = DEPLOYER.boundary = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


@pytest.mark.parametrize("repairer", ["break-glass", "deployment"])
def test_a_mistaken_policy_can_be_mended(repairer: str, templates: dict[str, Template]) -> None:
    world = build_world(ENVIRONMENTS["Prod"], templates)
    break_glass = world.principals["alees-prod-break-glass"]
    mending = DEPLOYER if repairer == "deployment" else break_glass
    for name, secret in world.secrets.items():
        secret.policy[:] = NOBODY_READS
        assert not world.may(break_glass, "secretsmanager:GetSecretValue", name, {})
        for call in ("GetResourcePolicy", "PutResourcePolicy", "DeleteResourcePolicy"):
            assert world.may(mending, f"secretsmanager:{call}", name, {})
    for key in world.keys.values():
        if any(secret.key == key.arn for secret in world.secrets.values()):
            key.policy[:] = [each for each in key.policy if each["Sid"] == "AccountAdministration"]
            for call in ("GetKeyPolicy", "PutKeyPolicy", "EnableKey", "CancelKeyDeletion"):
                request = Request(f"kms:{call}", key.arn, mending.arn)
                assert decide(key.policy, request) is Decision.ALLOW
                assert world.own_allows(mending, f"kms:{call}", key.arn, {"kms:ResourceAliases": key.aliases})
