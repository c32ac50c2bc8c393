"""What watches, and has stopped."""

from monitoring_handlers.alerting.text import AlertText, Severity

_STATUS = "./alees-secrets status --environment {environment}"
_ALARMS = "aws cloudwatch describe-alarms --region {region} --alarm-name-prefix {stack} --state-value ALARM"
_TRAIL = "aws cloudtrail get-trail-status --name {trail} --region {region}"
_SUBSCRIPTIONS = (
    "aws sns list-subscriptions --region {region} --query \"Subscriptions[?contains(TopicArn, '{stack}')]\""
)
_STOPPED = (
    "aws cloudtrail lookup-events --region {region} --max-results 20 "
    "--lookup-attributes AttributeKey=EventName,AttributeValue=StopLogging"
)


def _log_of(part: str) -> str:
    """Return the command that shows the failures that a function of the stack has written of."""
    groups = f"aws logs describe-log-groups --region {{region}} --log-group-name-prefix {{stack}}-{part}"
    group = f"\"$({groups} --query 'logGroups[0].logGroupName' --output text)\""
    return f"aws logs filter-log-events --region {{region}} --filter-pattern '?failed ?error' --log-group-name {group}"


SILENCE: tuple[AlertText, ...] = (
    AlertText(
        id="health-silent",
        severity=Severity.WARNING,
        subject="Nobody looks at the secrets: health has not finished a look for 3 hours",
        happened=(
            "The function that looks at the secrets of {environment} every hour has not finished a look for three "
            "hours. Alarm: {about}. After the first deployment of an environment this may come once, and ends with the "
            "first look, within an hour."
        ),
        means=(
            "Secrets work as before. Until it runs again nobody hears of rotations that are overdue or stuck, of "
            "secrets that expire, of replicas out of sync, and of subscriptions that were lost."
        ),
        commands=(_STATUS, _log_of("Health"), _ALARMS),
        fold_minutes=720,
    ),
    AlertText(
        id="watch-silent",
        severity=Severity.CRITICAL,
        subject="Nobody watches who reads: access_watch has seen nothing for 3 hours",
        happened=(
            "The function that reads the trail's log has seen no call about the secrets of {environment} for three "
            "hours. There is at least one every hour, that of the function health. Alarm: {about}."
        ),
        means=(
            "Who reads secrets, and who was refused, is not judged any more: an intruder would not be seen. The "
            "trail itself may go on; what it writes is kept and can be looked at later. If trail-silent rings too, "
            "begin with that one."
        ),
        commands=(_TRAIL, _log_of("AccessWatch"), _ALARMS),
        fold_minutes=720,
    ),
    AlertText(
        id="watch-failing",
        severity=Severity.WARNING,
        subject="access_watch failed on some of what the trail wrote",
        happened=(
            "The function that reads the trail's log for {environment} ended with an error. Its log says with which, "
            "and where. Alarm: {about}, at {at}."
        ),
        means=(
            "CloudWatch Logs tries again for a while. What failed to the end was not judged; it stays in the trail's "
            "log group."
        ),
        commands=(_log_of("AccessWatch"), _TRAIL, _ALARMS),
        fold_minutes=360,
    ),
    AlertText(
        id="trail-silent",
        severity=Severity.CRITICAL,
        subject="The trail writes nothing: {about}",
        happened=(
            "No event has reached the trail's log group, or the trail is stopped, gone or cannot deliver. About: "
            "{about}, at {at}. The hourly look says: {problem}. The alarm says: {reason}."
        ),
        means=(
            "What happens in the account is not recorded, or not where it is watched: rotations that fail, reads, "
            "and changes to policies tell nobody now. Stopping the trail is what an intruder does first: if nobody of "
            "yours did it, treat it as an incident."
        ),
        commands=(
            _TRAIL,
            _STOPPED,
            "aws cloudtrail start-logging --name {trail} --region {region}",
        ),
        fold_minutes=360,
    ),
    AlertText(
        id="alerting-silent",
        severity=Severity.CRITICAL,
        subject="Alerts reach nobody: the alerting function was not reached for 3 hours",
        happened=(
            "No event has reached the function that tells of everything in {environment} for three hours, though "
            "health sends it one every hour. Alarm: {about}."
        ),
        means=(
            "Whatever happens to the secrets is told to nobody, but for the alarms that reach the topic by themselves. "
            "Somebody may have disabled a rule, taken the right to invoke the function away, or deleted it."
        ),
        commands=("npx cdk drift {stack}", "npx cdk deploy {stack}", _log_of("Alerting"), _STATUS),
        fold_minutes=720,
    ),
    AlertText(
        id="alerting-failing",
        severity=Severity.CRITICAL,
        subject="Alerts may be lost: the function that sends them fails",
        happened=(
            "The function that turns everything into alerts for {environment} ended with an error, at {at}. Alarm: "
            "{about}. This alarm goes to the topic by itself, without that function."
        ),
        means=(
            "Lambda tries each event twice more, and then sends the event itself to the topic: a message of JSON "
            "without a text is such an alert. What the topic does not take either is lost. Look for yourself what "
            "happened since then, until it works again."
        ),
        commands=(_STATUS, _log_of("Alerting"), _ALARMS),
        fold_minutes=60,
    ),
    AlertText(
        id="delivery-failing",
        severity=Severity.WARNING,
        subject="An alert did not reach a subscriber",
        happened=(
            "An alert of {environment} was published, and could not be delivered to one of the topic's subscribers, at "
            "{at}. Alarm: {about}. You read this because your own subscription works."
        ),
        means=(
            "Whoever that subscription belongs to hears nothing: an address that refuses mail, a server that does not "
            "answer, or a queue that is gone or does not admit the topic."
        ),
        commands=(_SUBSCRIPTIONS, _ALARMS),
        fold_minutes=360,
    ),
    AlertText(
        id="subscription-missing",
        severity=Severity.WARNING,
        subject="Alerts do not reach {about}",
        happened="{about} {problem}. Seen at {at}.",
        means=(
            "Configuration names whom alerts of {environment} go to, and this one does not get them: it was never "
            "confirmed, or somebody took it away. If that leaves nobody, the next alert is lost. A deployment alone "
            "brings nothing back, since CloudFormation believes that it is there: take it out of alert_subscriptions, "
            "deploy, put it back, and deploy again."
        ),
        commands=(_SUBSCRIPTIONS, "npx cdk deploy {stack}"),
        fold_minutes=1440,
    ),
)
