"""Rotations that failed, and what they made."""

from monitoring_handlers.alerting.text import AlertText, Severity

_STATUS = "./alees-secrets status --environment {environment}"
_RECOVER = './alees-secrets recover {path} --environment {environment} --reason "the alert says that it is stuck"'
_ROTATE = './alees-secrets rotate {path} --environment {environment} --reason "after an alert"'
_DESCRIBED = (
    "aws secretsmanager describe-secret --secret-id {about} --region {region} "
    '--query "[RotationEnabled,RotationLambdaARN,VersionIdsToStages]"'
)
_CALLS = (
    "aws cloudtrail lookup-events --region {region} --max-items 20 "
    "--lookup-attributes AttributeKey=ResourceName,AttributeValue={about}"
)

ROTATION: tuple[AlertText, ...] = (
    AlertText(
        id="rotation-failed",
        severity=Severity.WARNING,
        subject="Rotation of {about} failed",
        happened="Secrets Manager gave up a rotation of {about}: a step failed at each of its tries.",
        means=(
            "The value in use was not changed, so applications go on working. The secret stays older than it should "
            "be, and no other rotation begins before this one is finished or given up."
        ),
        commands=(_STATUS, _RECOVER),
    ),
    AlertText(
        id="rotation-abandoned",
        severity=Severity.WARNING,
        subject="Rotation of {about} was abandoned",
        happened=(
            "Secrets Manager abandoned a rotation of {about}: somebody wrote a value or moved a label by hand while it "
            "ran."
        ),
        means=(
            "Applications go on with the value in use. If nobody of yours set a value just now, somebody else did: "
            "look who, and rotate."
        ),
        commands=(_CALLS, _STATUS, _RECOVER),
    ),
    AlertText(
        id="rotation-test-failed",
        severity=Severity.WARNING,
        subject="Test of the rotation of {about} failed",
        happened=(
            "Somebody changed how {about} rotates without rotating it at once, so Secrets Manager tried the step "
            "testSecret alone, and that failed."
        ),
        means="Nothing was changed. The next rotation would fail likewise, so mend it before that is due.",
        commands=(_CALLS, _DESCRIBED, _STATUS),
    ),
    AlertText(
        id="canary-rolled-back",
        severity=Severity.WARNING,
        subject="New value of {about} was refused; the one before is in use again",
        happened=(
            "After a rotation of {about} the function tried the new value as an application would, and the target "
            "refused it. It says: {reason}"
        ),
        means=(
            "Applications that read the secret again work. Those that read it in the minute before are refused until "
            "they do. Somebody may have changed or locked the login at its target by hand."
        ),
        commands=(_STATUS, _ROTATE),
    ),
    AlertText(
        id="canary-failed",
        severity=Severity.CRITICAL,
        subject="Value in use of {about} is refused, or could not be tried ({cause})",
        happened=(
            "After a rotation of {about} the function could not see the new value work, and left it in use. It says: "
            "{reason}"
        ),
        means=(
            "If the cause is canary-refused, whatever logs in with {about} fails now: rotate at once. If it is "
            "canary-unsure or unexpected, it may work: try whether applications log in, then mend what is said above."
        ),
        commands=(_STATUS, _ROTATE),
    ),
)
