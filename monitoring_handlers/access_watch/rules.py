"""What single calls mean, by the matrix alone."""

from collections.abc import Iterator, Sequence

from monitoring_handlers.access_watch.access import Access
from monitoring_handlers.access_watch.matrix import Matrix
from monitoring_handlers.findings import Fact, Finding
from monitoring_handlers.watched import Watched

_LOOKING = frozenset({"DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"})
"""What may be done to the honey secret by who looks after secrets, services such as AWS Config among them."""

_WRITING = frozenset(
    {
        *("CreateSecret", "PutSecretValue", "RestoreSecret", "UpdateSecret", "UpdateSecretVersionStage"),
        *("RemoveRegionsFromReplication", "ReplicateSecretToRegions", "StopReplicationToReplica"),
    }
)
"""What puts a value in use, or where a value is. Who deletes, or changes policies and rotation, is told by alerting."""

_USING_KEYS = frozenset(
    {
        *("CreateGrant", "Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "ReEncrypt"),
        *("GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext"),
    }
)

_ACCESS_KEYS = frozenset({"CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey"})
_OUR_POLICIES = ":policy/alees/"


def judge(access: Access, matrix: Matrix, watched: Watched) -> Iterator[Finding]:
    """Yield what one call tells; each secret at most once, the worst that can be said of it."""
    if access.service == "secretsmanager":
        yield from _of_secrets(access, matrix)
    elif access.service == "kms":
        yield from _of_keys(access, matrix, watched)
    elif access.service == "sts":
        yield from _of_sessions(access, matrix)
    elif access.service == "iam":
        yield from _of_roles(access, matrix)


def finding(access: Access, matrix: Matrix, alert: str, about: str, **facts: Fact) -> Finding:
    """Return the finding that somebody did, or tried, what *access* tells."""
    told: dict[str, Fact] = {
        "call": access.event,
        "source": access.address or "-",
        "user": access.who.arn.rpartition("/")[2].rpartition(":")[2],
        "in_region": access.region,
        "times": 1,
        **secrets_told([about], matrix),
    }
    return Finding(
        alert=alert,
        environment=matrix.environment,
        about=about,
        by=access.who.arn,
        at=access.at,
        facts={**told, **facts},
    )


def secrets_told(names: Sequence[str], matrix: Matrix) -> dict[str, Fact]:
    """Return the facts about secrets: all of them, and one whole name and its path for the commands of a text."""
    return {"secrets": ", ".join(names), "whole": names[0], "one": names[0].removeprefix(matrix.prefix)}


def _of_secrets(access: Access, matrix: Matrix) -> Iterator[Finding]:
    others = tuple(name for name in access.secrets if name != matrix.honey)
    if matrix.honey in access.secrets and not _is_maintenance(access, matrix):
        yield finding(access, matrix, "honey-touched", matrix.honey)
    if access.is_refused_read and (others or access.anywhere):
        about = others[0] if len(others) == 1 else f"{matrix.prefix}*"
        yield finding(access, matrix, "read-denied", about, **secrets_told(others or [about], matrix))
    elif access.is_read:
        for name in others:
            yield from _of_read(access, matrix, name)
    elif access.event in _WRITING and not access.failed and not _is_service(access):
        for name in others:
            if not matrix.has_writer(access, name):
                yield finding(access, matrix, "stranger-write", name)


def _of_read(access: Access, matrix: Matrix, name: str) -> Iterator[Finding]:
    reader = matrix.reader(access, name)
    if reader is None:
        asked = "a version by its id" if access.by_id else access.stage
        yield finding(access, matrix, "stranger-read", name, asked=asked)
    elif reader.inside and not matrix.is_inside(access):
        yield finding(access, matrix, "outside-network", name, through=access.endpoint or "no VPC endpoint")


def _is_maintenance(access: Access, matrix: Matrix) -> bool:
    """Tell whether the honey secret is looked after: by a deployment, by a service, or by who describes secrets."""
    looked_at = access.event in _LOOKING and (access.who.principal in matrix.describers or access.is_by_linked_role)
    return _is_service(access) or looked_at


def _is_service(access: Access) -> bool:
    """Tell whether a deployment or a service by itself did it, such as Secrets Manager to a replica."""
    return access.who.deployment or (access.who.principal == "" and access.who.service)


def _of_keys(access: Access, matrix: Matrix, watched: Watched) -> Iterator[Finding]:
    """Judge refusals; what is read with a key is told by Secrets Manager's own records."""
    if not access.denied or access.event not in _USING_KEYS:
        return
    about = access.secrets[0] if access.secrets else watched.key(access.target)
    if about == matrix.honey:
        yield finding(access, matrix, "honey-touched", about)
    elif about is not None:
        yield finding(access, matrix, "decrypt-denied", about)


def _of_sessions(access: Access, matrix: Matrix) -> Iterator[Finding]:
    taken = access.event.startswith("AssumeRole") and not access.failed
    if taken and access.target.endswith(f":{matrix.break_glass}"):
        yield finding(access, matrix, "break-glass-used", matrix.break_glass.rpartition("/")[2])


def _of_roles(access: Access, matrix: Matrix) -> Iterator[Finding]:
    """Judge changes of roles, users and policies. A tag changes no right."""
    ours = access.target.startswith(matrix.roles) or _OUR_POLICIES in access.target
    changed = access.writes and not access.failed and not access.event.startswith(("Tag", "Untag"))
    its_work = access.event in _ACCESS_KEYS and matrix.key_makers.get(access.target) == access.who.principal
    if ours and changed and not access.who.deployment and not its_work:
        yield finding(access, matrix, "role-changed", access.target.rpartition("/")[2])
