"""What a reviewer reads of a change: short, with names and both values, and without digests."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aws_cdk import App, CfnResource
from constructs import IConstruct

from config.environment import Environment
from config.environments import prod
from config.services import ApiService, Internal
from operations.review.assembly import Template, read_stacks
from operations.review.comparison import compare
from operations.review.revision import choose_revision, read_revision
from stacks.deployment import add_stacks

PROJECT = Path(__file__).parents[2]
STACK = "AleesSecretsProd"
JWT = "arn:${AWS::Partition}:secretsmanager:eu-central-1:111122223333:secret:alees/prod/jwt/credentials-??????"
DIGEST = re.compile(r"[0-9a-f]{64}")


def _before(assembly: Path) -> dict[str, Template]:
    """Prod's templates as they are."""
    return {
        stack.id: stack.read_template()
        for stack in read_stacks(assembly)
        if stack.id.startswith(STACK) or stack.id == prod().account.stack_id
    }


def _diff(
    assembly: Path, out: Path, environment: Environment, change: Callable[[IConstruct], None] = lambda _stack: None
) -> list[str]:
    """Return what is shown of *environment*, with its stack of secrets changed, against Prod as it is."""
    app = App(outdir=str(out))
    add_stacks(app, [environment])
    change(app.node.find_child(STACK))
    app.synth()
    return compare(PROJECT, _before(assembly), out).splitlines()


def _resource(stack: IConstruct, *path: str) -> CfnResource:
    for name in path:
        stack = stack.node.find_child(name)
    found = stack if isinstance(stack, CfnResource) else stack.node.default_child
    assert isinstance(found, CfnResource)
    return found


def test_both_cadences_are_shown_in_a_few_lines_when_one_changed(assembly: Path, tmp_path: Path) -> None:
    def every_60_days(stack: IConstruct) -> None:
        schedule = _resource(stack, "JwtSecret", "Schedule")
        schedule.add_property_override("RotationRules.ScheduleExpression", "rate(60 days)")

    lines = _diff(assembly, tmp_path, prod(), every_60_days)

    assert lines == [
        f"Stack {STACK}",
        "Resources",
        "[~] AWS::SecretsManager::RotationSchedule JwtSecret/Schedule JwtSecretSchedule039890B3",
        " └─ [~] RotationRules",
        "     └─ [~] .ScheduleExpression:",
        "         ├─ [-] rate(30 days)",
        "         └─ [+] rate(60 days)",
    ]


def test_the_role_the_action_and_both_resources_are_shown_when_a_policy_is_widened(
    assembly: Path, tmp_path: Path
) -> None:
    def widen(stack: IConstruct) -> None:
        policy = _resource(stack, "JwtRotation", "Role", "DefaultPolicy")
        policy.add_property_override("PolicyDocument.Statement.2.Resource", "*")

    lines = _diff(assembly, tmp_path, prod(), widen)

    assert len(lines) <= 15
    shown = [line.strip() for line in lines]
    assert shown[2] == "[~] AWS::IAM::Policy JwtRotation/Role/DefaultPolicy JwtRotationRoleDefaultPolicy7DD6A74E"
    assert '[ ]   "Action": "secretsmanager:GetSecretValue",' in shown
    assert [line for line in shown if line.startswith(("[-]", "[+]"))] == [
        f'[-]   "Resource": "{JWT}"',
        '[+]   "Resource": "*"',
    ]


def test_its_secret_and_who_reads_it_are_shown_when_a_service_is_new(assembly: Path, tmp_path: Path) -> None:
    service = ApiService(name="shipping", shard=1, provider=Internal())

    lines = _diff(assembly, tmp_path, replace(prod(), api_services=(*prod().api_services, service)))

    assert len(lines) <= 115
    assert {line for line in lines if line.startswith(("Stack", "[~]", "[+] AWS"))} == {
        "Stack AleesSecretsProdApi01",
        "[+] AWS::SecretsManager::Secret Service-shipping/Secret ServiceshippingSecret49BD346C",
        "[+] AWS::SecretsManager::ResourcePolicy Service-shipping/Policy ServiceshippingPolicy36ED285C",
        "[+] AWS::SecretsManager::RotationSchedule Service-shipping/Schedule ServiceshippingSchedule936A279E",
        "[~] AWS::Lambda::Function ApiKeyRotation/Function ApiKeyRotationFunction53B3F961",
        "[~] AWS::Events::Rule Canary/Rotated CanaryRotatedCD5448F4",
        "Stack AleesSecretsProd",
        "[~] AWS::Lambda::Function Health/Function/Function HealthFunction33F63D62",  # its package has the paths
    }  # no role or key: their policies name all API keys by one pattern
    changed = [line for line in lines if "[+]" in line or "[-]" in line]
    # Where the new one follows in a list, the one before it gets a comma. The function's package has the services.
    others = ("shipping", "api/payments/key", "ServicepaymentsSecret1589AEDD", ".zip")
    assert [line for line in changed if not any(each in line for each in others)] == []
    assert any(
        line.startswith("[+] ServiceshippingPolicy36ED285C: Deny secretsmanager:GetSecretValue") for line in lines
    )
    assert not any(DIGEST.search(line) for line in lines)


def test_one_digest_for_each_function_is_shown_when_a_line_of_their_code_changed(assembly: Path) -> None:
    before = {stack.id: stack.read_template() for stack in read_stacks(assembly)}
    keys = set(DIGEST.findall(json.dumps(_codes(before[STACK]))))
    text = json.dumps(before[STACK])
    for key in keys:
        text = text.replace(key, key[::-1])

    lines = compare(PROJECT, {**before, STACK: json.loads(text)}, assembly).splitlines()

    assert sorted(line for line in lines if line.startswith("[")) == [
        "[~] AWS::Lambda::Function AccessWatch/Watching/Function AccessWatchWatchingFunction57EEEF47",
        "[~] AWS::Lambda::Function Alerting/Function AlertingFunctionF4C2D82B",
        "[~] AWS::Lambda::Function DatabaseRotation/Function DatabaseRotationFunction5F5966C8",
        "[~] AWS::Lambda::Function EmailRotation/Function EmailRotationFunctionFC95D640",
        "[~] AWS::Lambda::Function Health/Function/Function HealthFunction33F63D62",
        "[~] AWS::Lambda::Function JwtRotation/Function JwtRotationFunctionC41407B4",
    ]
    assert len(lines) == 2 + 5 * len(keys)
    assert not any(DIGEST.search(line) for line in lines)


def _codes(template: Template) -> dict[str, object]:
    """Return where each function's code is."""
    return {
        name: each["Properties"]["Code"]
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::Lambda::Function"
    }


def test_new_stacks_and_gone_stacks_are_told_when_a_shard_moved(assembly: Path) -> None:
    before = {stack.id: stack.read_template() for stack in read_stacks(assembly)}
    before["AleesSecretsProdApi09"] = before.pop("AleesSecretsProdApi01")

    lines = compare(PROJECT, before, assembly).splitlines()

    assert lines[0] == "Stack AleesSecretsProdApi09 is gone; what is deployed of it stays until: cdk destroy"
    assert lines[1] == "Stack AleesSecretsProdApi01 is new"
    assert any(line.startswith("[+] Key9BCD29C7: Allow kms:Decrypt") for line in lines)


def test_that_nothing_differs_is_told_when_nothing_does(assembly: Path) -> None:
    before = {stack.id: stack.read_template() for stack in read_stacks(assembly)}

    assert compare(PROJECT, before, assembly).startswith("No differences in AleesSecrets")


def test_a_revision_is_synthesized_beside_the_checkout_when_it_is_compared() -> None:
    templates = read_revision(PROJECT, "Prod", choose_revision(PROJECT, "HEAD"))

    assert {STACK, f"{STACK}Recovery"} <= set(templates)


def test_one_line_and_no_traceback_is_printed_when_the_environment_is_unknown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "operations.review", "diff", "prd"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Configuration error: context environment is 'prd'; allowed is one of Dev, Staging")
    assert len(done.stderr.splitlines()) == 1
