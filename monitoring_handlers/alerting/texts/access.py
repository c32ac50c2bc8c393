"""Who reads, who changes, and who was refused."""

from monitoring_handlers.alerting.text import AlertText, Severity

_WHAT_ELSE = (
    "aws cloudtrail lookup-events --region {in_region} --max-items 50 "
    "--lookup-attributes AttributeKey=Username,AttributeValue={user}"
)
_WHO_MAY = "./alees-secrets access --secret {one} --environment {environment}"
_WHO_MAY_WHAT = "./alees-secrets access --environment {environment}"
_POLICY = "aws secretsmanager get-resource-policy --secret-id {whole} --region {in_region}"
_ROTATE_NOW = (
    './alees-secrets rotate --emergency {one} --environment {environment} --reason "{why}" --incident {incident}'
)
_DRIFT = "npx cdk drift {stack}"
_RIGHTS = (
    "aws iam get-account-authorization-details --filter Role User LocalManagedPolicy --query "
    "\"[RoleDetailList[?RoleName=='{about}'], UserDetailList[?UserName=='{about}'], Policies[?PolicyName=='{about}']]\""
)
"""Of a role, a user or a policy: trust, policies and boundary, whichever of them the name is."""

_FROM = "from {source}, by {call} in {in_region}"


def _rotate_because(why: str) -> str:
    return _ROTATE_NOW.replace("{why}", why)


ACCESS: tuple[AlertText, ...] = (
    AlertText(
        id="honey-touched",
        severity=Severity.CRITICAL,
        subject="Somebody tries doors: {call} on {about}",
        happened=f"{{by}} called for {{about}} {_FROM}. Nobody uses this secret: it is there to be found.",
        means="Whoever does this is looking for secrets: an intruder, or a colleague who should be asked at once.",
        commands=(_WHAT_ELSE, "./alees-secrets status --environment {environment}"),
    ),
    AlertText(
        id="break-glass-used",
        severity=Severity.CRITICAL,
        subject="{user} took on {about}",
        happened="{by} took on the role {about} from {source}. For an hour it may read and change every secret.",
        means="In an emergency that you know of, nothing is to be done but to write it down. Else somebody has it all.",
        commands=(
            _WHAT_ELSE,
            "aws iam list-role-policies --role-name {about}",
            "./alees-secrets status --environment {environment}",
        ),
        fold_minutes=15,
    ),
    AlertText(
        id="role-changed",
        severity=Severity.CRITICAL,
        subject="Rights of {about} were changed ({call})",
        happened="{by} called {call} on {about}, from {source}: what it may do, or who may take it on, differs now.",
        means="Others may be able to read secrets by it. A deployment does not raise this alert; the next one puts "
        "back only what the template changes.",
        commands=(
            _RIGHTS,
            _DRIFT,
            _WHAT_ELSE,
        ),
    ),
    AlertText(
        id="read-denied",
        severity=Severity.WARNING,
        subject="{user} was refused {about}",
        happened=f"{{by}} asked for the value of {{secrets}} {_FROM}, and was refused. Calls: {{times}}.",
        means="The secret is safe. Either somebody looks around who should not, or a program lacks a right and fails.",
        # A refused batch by filters names no secret, so all of the matrix is shown.
        commands=(_WHO_MAY_WHAT, _WHAT_ELSE),
    ),
    AlertText(
        id="decrypt-denied",
        severity=Severity.WARNING,
        subject="{user} was refused the key of {about}",
        happened=f"{{by}} was refused the use of a key {_FROM}: it is, or encrypts, {{about}}.",
        means="Nothing was decrypted. If it was an application or a rotation, a policy is wrong, and it fails now.",
        commands=(_WHAT_ELSE, "aws kms list-aliases --region {in_region}"),
    ),
    AlertText(
        id="stranger-read",
        severity=Severity.CRITICAL,
        subject="A stranger has read {about}",
        happened=f"{{by}} has read {{asked}} of {{secrets}} {_FROM}. The access matrix does not let them.",
        means="The value is known to somebody who should not know it, and a policy lets them that should not.",
        commands=(_rotate_because("read by a stranger"), _POLICY, _WHO_MAY, _WHAT_ELSE, _DRIFT),
    ),
    AlertText(
        id="stranger-write",
        severity=Severity.CRITICAL,
        subject="A stranger has changed {about} ({call})",
        happened=f"{{by}} has changed {{secrets}} {_FROM}. The access matrix does not let them.",
        means="Applications may use a value that somebody else chose and knows, or a copy may be where nobody looks. "
        "A deployment does not raise this alert.",
        commands=(
            "aws secretsmanager list-secret-version-ids --secret-id {whole} --region {in_region}",
            _rotate_because("changed by a stranger"),
            _POLICY,
            _WHO_MAY,
            _WHAT_ELSE,
            _DRIFT,
        ),
    ),
    AlertText(
        id="read-burst",
        severity=Severity.WARNING,
        subject="{about} was read {times} times within {minutes} minutes",
        happened="{by}, and whoever else has its role, read {about} {times} times within {minutes} minutes.",
        means="A program that keeps nothing in memory, a loop after a failed login, or somebody who copies what "
        "changes. Each read is allowed; all of them cost money.",
        commands=(_WHAT_ELSE, "./alees-secrets status --environment {environment}"),
    ),
    AlertText(
        id="first-reader",
        severity=Severity.NOTICE,
        subject="{about} has a new reader",
        happened="{by} has read {secrets}, from {source}. This role and what it read have been known for two weeks and "
        "more, and not together.",
        means="A new release that uses another secret looks so; so does somebody on a server who reads all that its "
        "role may.",
        commands=(_WHAT_ELSE, _WHO_MAY),
    ),
    AlertText(
        id="outside-network",
        severity=Severity.CRITICAL,
        subject="{about} was read from {source}",
        happened="{by} has read {secrets} from {source} ({through}), which is in none of the environment's networks.",
        means="A server's credentials may be in use elsewhere. If you have a new network, declare it: known_networks.",
        commands=(
            _rotate_because("read from outside the network"),
            "aws ec2 describe-nat-gateways --region {region}",
            _WHAT_ELSE,
        ),
    ),
    AlertText(
        id="reads-unusual",
        severity=Severity.NOTICE,
        subject="Many more secrets are read than usual",
        happened="In two of the last three hours more values were read than CloudWatch has learned for these "
        "hours of the week.",
        means="More servers, a cache that does not hold, or somebody who reads what they may. Who reads what: run "
        "the saved query `reads by secret and reader` in CloudWatch Logs Insights.",
        commands=("aws logs describe-query-definitions --region {region}",),
        fold_minutes=24 * 60,
    ),
)
