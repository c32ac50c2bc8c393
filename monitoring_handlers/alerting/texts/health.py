"""What an hourly look at the secrets shows."""

from monitoring_handlers.alerting.text import AlertText, Severity

_DAY = 24 * 60
_WEEK = 7 * _DAY

_SHOW = "./alees-secrets show {path} --environment {environment}"
_STATUS = "./alees-secrets status --environment {environment}"

HEALTH: tuple[AlertText, ...] = (
    AlertText(
        id="secret-missing",
        severity=Severity.CRITICAL,
        subject="{path} is {state}",
        happened="The secret {about}, which the environment declares, is {state}.",
        means=(
            "Applications that run go on with the value in their memory, for a while. Those that start fail, and so do "
            "rotations. Within its recovery window a deleted secret can be restored with all its versions."
        ),
        commands=(
            "aws secretsmanager restore-secret --secret-id {about}",
            _SHOW,
            _STATUS,
        ),
        fold_minutes=4 * 60,
    ),
    AlertText(
        id="rotation-stuck",
        severity=Severity.WARNING,
        subject="the rotation of {path} stands still for {minutes} minutes",
        happened="A rotation of {about} began {minutes} minutes ago and is not over: its value still holds AWSPENDING.",
        means=(
            "The value in use works on. Secrets Manager refuses another rotation until this one is finished or over: "
            "the command finishes it, or says what stands in the way; with --discard it gives its value up."
        ),
        commands=(
            './alees-secrets recover {path} --environment {environment} --reason "stuck"',
            _STATUS,
        ),
        fold_minutes=_DAY,
    ),
    AlertText(
        id="rotation-overdue",
        severity=Severity.WARNING,
        subject="{path} is overdue for rotation by {days} days",
        happened="{about} was to rotate by {due}, and has not. That is {days} days ago.",
        means="The value in use works on, for longer than the policy allows. Something keeps rotations from starting.",
        commands=(
            _SHOW,
            './alees-secrets rotate {path} --environment {environment} --reason "overdue"',
        ),
        fold_minutes=_DAY,
    ),
    AlertText(
        id="rotation-still-off",
        severity=Severity.WARNING,
        subject="{path} does not rotate any more",
        happened="Configuration has {about} rotated by schedule, and Secrets Manager does not.",
        means="The value in use works on and is not replaced. Whoever switched rotation off was told of at that time.",
        commands=(
            _SHOW,
            "npx cdk deploy AleesSecrets{environment}",
            "aws secretsmanager rotate-secret --secret-id {about}",
        ),
        fold_minutes=_DAY,
    ),
    AlertText(
        id="not-initialised",
        severity=Severity.WARNING,
        subject="{path} has no value yet",
        happened="{about} was made {days} days ago, and still holds the placeholder that it was deployed with.",
        means=(
            "Whoever asks for it gets SecretNotInitializedError. What rotates has failed its first rotation; the "
            "rest is set by hand."
        ),
        commands=(
            './alees-secrets set {path} --environment {environment} --reason "first value"',
            './alees-secrets rotate {path} --environment {environment} --reason "first value"',
        ),
        fold_minutes=_WEEK,
    ),
    AlertText(
        id="replica-out-of-sync",
        severity=Severity.WARNING,
        subject="the replica of {path} in {regions} is out of sync",
        happened="The replica of {about} in {regions} does not hold what the secret holds.",
        means="Here everything works. After a move to the other region, applications would read an old value or none.",
        commands=(
            "aws secretsmanager describe-secret --secret-id {about} --query ReplicationStatus",
            "npx cdk deploy AleesSecrets{environment}",
        ),
        fold_minutes=_DAY,
    ),
    AlertText(
        id="secret-ending",
        severity=Severity.CRITICAL,
        subject="{path} ends on {ends}: {left}",
        happened="The tag alees:expires-at of {about} says {ends}: {left}.",
        means="Whoever issued the value refuses it from then on, and what uses it fails.",
        commands=(
            './alees-secrets set {path} --environment {environment} --reason "the old one ends"',
            "aws secretsmanager tag-resource --secret-id {about} --tags Key=alees:expires-at,Value=NEW-END",
        ),
        fold_minutes=_DAY,
    ),
    AlertText(
        id="secret-expiring-soon",
        severity=Severity.WARNING,
        subject="{path} ends on {ends}: {left}",
        happened="The tag alees:expires-at of {about} says {ends}: {left}.",
        means="Whoever issued the value refuses it from then on. Ask for the next one now.",
        commands=(
            './alees-secrets set {path} --environment {environment} --reason "the old one ends"',
            "aws secretsmanager tag-resource --secret-id {about} --tags Key=alees:expires-at,Value=NEW-END",
        ),
        fold_minutes=6 * _DAY,
    ),
    AlertText(
        id="secret-expiring",
        severity=Severity.NOTICE,
        subject="{path} ends on {ends}: {left}",
        happened="The tag alees:expires-at of {about} says {ends}: {left}.",
        means="There is time to order the next one. It is told again 7 days and 1 day before.",
        commands=(
            _SHOW,
            './alees-secrets set {path} --environment {environment} --reason "the old one ends"',
        ),
        fold_minutes=23 * _DAY,
    ),
    AlertText(
        id="expiry-unreadable",
        severity=Severity.WARNING,
        subject="nobody will be told when {path} ends",
        happened="The tag alees:expires-at of {about} holds no date that can be read.",
        means="The value may end without an alert before.",
        commands=("aws secretsmanager tag-resource --secret-id {about} --tags Key=alees:expires-at,Value=2030-12-31",),
        fold_minutes=_WEEK,
    ),
    AlertText(
        id="secret-untagged",
        severity=Severity.NOTICE,
        subject="{path} does not say whose it is",
        happened="{about} has no tag alees:environment, or another environment's.",
        means="Nothing is broken. Reports by tag miss it, and somebody may take it for nobody's.",
        commands=(
            _SHOW,
            "npx cdk deploy AleesSecrets{environment}",
        ),
        fold_minutes=_WEEK,
    ),
    AlertText(
        id="secret-unmanaged",
        severity=Severity.NOTICE,
        subject="{path} is declared by nobody",
        happened="{about} exists, and no configuration declares it.",
        means=(
            "It does not rotate, and no role is made for it. Either it belongs into the configuration, or it has done "
            "its work."
        ),
        commands=(_SHOW,),
        fold_minutes=_WEEK,
    ),
    AlertText(
        id="secret-unused",
        severity=Severity.NOTICE,
        subject="nobody has read {path} for 90 days",
        happened="The value of {about} was read last on: {last_read}. Rotations read it too, so there were none.",
        means="A secret that nobody needs is only a danger.",
        commands=(
            _SHOW,
            "./alees-secrets access --secret {path} --environment {environment}",
        ),
        fold_minutes=30 * _DAY,
    ),
)
