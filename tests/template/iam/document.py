"""docs/access.md: what the synthesized policies allow, written for review."""

from collections.abc import Iterator, Sequence

from config.access import Action
from tests.template.iam.cells import found
from tests.template.iam.checked import named
from tests.template.iam.evaluation import listed
from tests.template.iam.layers import duty_of
from tests.template.iam.probes import UNDECLARED, of_others
from tests.template.iam.world import Principal, World

_HEAD = """\
# Who may do what to which secret

What the synthesized policies allow: of roles within their boundaries, of secrets, and of keys. `make snapshots` writes
this page anew and a test compares it, so that a review shows every change. `./alees-secrets access` prints it, with
`--secret NAME` who may do what to one, with `--principal NAME` what one may do. What no row allows is denied
to these roles and users. The rules are in [config/access.py](../config/access.py); what they leave open, and what
others in the account may do, is in [threat-model.md](threat-model.md).

Two names stand for secrets that are not declared: `api/.../key` for any API key that the client made under the
environment's key, and `alees/.../other` for any other secret below the environment's prefix. Who *lists names* sees
those of the whole account. *Read in a batch* is BatchGetSecretValue. *Reconfigure* is another rotation function or
schedule, key, description or replica.
"""


def document(worlds: Sequence[World]) -> str:
    """Return the page."""
    return "\n".join([_HEAD, *(line for world in worlds for line in _environment(world))]) + "\n"


def _environment(world: World) -> Iterator[str]:
    slug = world.environment.slug
    yield f"## {world.environment.name}\n"
    yield "| secret | who | may |\n|---|---|---|"
    for name in _names(world):
        shown = name.replace("/other/credentials", "/.../other").replace(f"alees/{slug}/...", "alees/...")
        shown = shown.replace(f"/{UNDECLARED}/", "/.../")
        for principal in world.principals.values():
            allowed = [action for action in Action if found(world, principal, action, name, wanted=False)]
            if allowed and set(allowed) != {Action.LIST}:
                yield f"| {shown} | {duty_of(world, principal)} | {', '.join(allowed)} |"
    yield "\n| who | is taken on by | and may besides |\n|---|---|---|"
    for principal in world.principals.values():
        yield f"| {duty_of(world, principal)} | {_taken_on(principal)} | {_besides(principal)} |"
    yield ""


def _names(world: World) -> list[str]:
    prefix = f"alees/{world.environment.slug}/"
    return [
        *sorted(world.secrets),
        *of_others(world.environment),
        f"{prefix}api/{UNDECLARED}/key",
        f"{prefix}other/credentials",
    ]


def _taken_on(principal: Principal) -> str:
    if not principal.trust:
        return "its access keys"
    conditions = [
        f"{key.rpartition('/')[2] if ':' not in key else key} {' or '.join(listed(values))}"
        for statement in principal.trust
        for pairs in statement.get("Condition", {}).values()
        for key, values in pairs.items()
    ]
    return "; ".join([", ".join(sorted(named(principal.trust))), *conditions]).replace("|", "\\|")


def _besides(principal: Principal) -> str:
    """Return the actions of a role that are about no secret."""
    actions = {action for each in principal.own for action in listed(each["Action"])}
    return ", ".join(sorted(each for each in actions if not each.startswith("secretsmanager:"))) or "nothing"
