"""Who may become a role."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from config.access import PEOPLE, Duty
from config.people import TrustedPrincipal
from tests.template.iam.evaluation import Decision, Request
from tests.template.iam.layers import FOREIGN, Question, duty_of
from tests.template.iam.world import Principal, World

ACTIONS = (
    *("sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:SetContext"),
    *("sts:SetSourceIdentity", "sts:TagSession"),
)
"""What a role's trust may let somebody do."""

_HOST = "token.actions.githubusercontent.com"


def trust(world: World, principal: Principal) -> list[Question]:
    """Return who may become a role, as configuration names them."""
    found = [
        *_services(world, principal),
        *_persons(world, principal),
        *_workflows(world, principal),
    ]
    # What is right by one call of STS is wrong by all others.
    right = [each.request for each in found if each.wanted is Decision.ALLOW]
    others = [replace(each, action=action) for each in right for action in ACTIONS if action != each.action]
    return [*found, *(Question(each, Decision.SILENT) for each in others)]


def trusted(world: World, principal: Principal) -> set[str]:
    """Return whom the trust of a role names, before any condition."""
    duty, account = duty_of(world, principal), f"arn:aws:iam::{world.account}"
    if duty in PEOPLE:
        return {f"{account}:root"}
    if duty.startswith("alees-ci-"):
        return {f"{account}:oidc-provider/{_HOST}"}
    return {f"{each}.amazonaws.com" for each in _SERVICES if _is_for(duty, each)}


_SERVICES = ("ec2", "lambda", "cloudtrail", "events", "ecs-tasks")


def _is_for(duty: str, service: str) -> bool:
    own = {
        "ec2": ("application",),
        "cloudtrail": ("TrailRole",),
        "lambda": ("rotation", "health", "alerting", "access-watch"),
        "events": ("reload",),
    }
    return any(part in duty for part in own.get(service, ()))


def _services(world: World, principal: Principal) -> Iterator[Question]:
    for service in _SERVICES:
        yield _question(f"{service}.amazonaws.com", {}, allowed=_is_for(duty_of(world, principal), service))


def _persons(world: World, principal: Principal) -> Iterator[Question]:
    duty, account = duty_of(world, principal), f"arn:aws:iam::{world.account}"
    mfa = {"aws:MultiFactorAuthPresent": "true"}
    yield _question(f"{account}:role/somebody", mfa, allowed=False)
    yield _question(f"{account}:root", mfa, allowed=False)
    for other in world.principals.values():
        yield _question(other.arn, mfa, allowed=False)
    for group in PEOPLE:
        for person in _people(world)[group]:
            arn = person.arn("aws", world.account).replace("*", "eu/").replace("?", "0")
            yield _question(arn, mfa, allowed=duty == group)
            yield _question(arn, {}, allowed=duty == group and not person.needs_mfa)
            yield _question(arn.replace(world.account, FOREIGN), mfa, allowed=False)


def _people(world: World) -> dict[Duty, tuple[TrustedPrincipal, ...]]:
    environment = world.environment
    return {
        Duty.OPERATOR: environment.operators,
        Duty.WRITER: environment.writers,
        Duty.AUDITOR: environment.auditors,
        Duty.BREAK_GLASS: environment.break_glass,
    }


def _workflows(world: World, principal: Principal) -> Iterator[Question]:
    github = world.environment.account.github
    if github is None:
        return
    provider = f"arn:aws:iam::{world.account}:oidc-provider/{_HOST}"
    repository = github.repository
    subjects = [
        github.compares,
        github.deploys,
        f"repo:{repository}:ref:refs/heads/main",
        f"repo:{repository}:environment:other",
        f"repo:somebody/else:environment:{github.environment}",
        "repo:somebody/else:pull_request",
    ]
    roles = {github.compares: "alees-ci-diff", github.deploys: "alees-ci-deploy"}
    for subject in subjects:
        for audience in ("sts.amazonaws.com", "https://github.com/somebody"):
            keys = {f"{_HOST}:sub": subject, f"{_HOST}:aud": audience}
            wanted = roles.get(subject) == principal.name and audience == "sts.amazonaws.com"
            yield _question(provider, keys, allowed=wanted, action="sts:AssumeRoleWithWebIdentity")
        for key, value in ((f"{_HOST}:sub", subject), (f"{_HOST}:aud", "sts.amazonaws.com")):
            yield _question(provider, {key: value}, allowed=False, action="sts:AssumeRoleWithWebIdentity")


def _question(arn: str, keys: Mapping[str, str], *, allowed: bool, action: str = "sts:AssumeRole") -> Question:
    return Question(Request(action, "*", arn, keys), Decision.ALLOW if allowed else Decision.SILENT)
