"""Behaviours of CloudWatch: metrics and alarms."""

from local_cloud.supplied.row import Supplied, rows

_SOURCES = "launcher/cloudwatch/test_sources.py"
_ALARMS = "launcher/cloudwatch/test_alarms.py"
_EVALUATION = "launcher/cloudwatch/test_evaluation.py"
_CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/{}.html"

METRICS: tuple[Supplied, ...] = (
    *rows(
        _SOURCES,
        _CLOUDWATCH.format("monitoring/CloudWatch_Embedded_Metric_Format_Specification"),
        ("log lines in embedded metric format", "test_log_lines_in_embedded_format_become_metrics"),
    ),
    *rows(
        _SOURCES,
        "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html",
        (
            "AWS/Lambda Invocations, Errors and Duration, whoever invokes",
            "test_invocations_and_errors_are_counted_for_each_function",
        ),
    ),
    *rows(
        _SOURCES,
        _CLOUDWATCH.format("logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics"),
        ("AWS/Logs IncomingLogEvents", "test_events_that_reach_a_log_group_are_counted"),
    ),
    *rows(
        _SOURCES,
        "https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html",
        (
            "AWS/SNS NumberOfNotificationsFailed of queues",
            "test_message_is_counted_as_failed_when_its_queue_is_gone_or_closed",
        ),
        (
            "AWS/SNS NumberOfNotificationsFailed of HTTP endpoints",
            "test_message_is_counted_as_failed_when_its_server_is_gone",
        ),
    ),
    *rows(
        _EVALUATION,
        _CLOUDWATCH.format("monitoring/AlarmThatSendsEmail"),
        ("an alarm's treatment of missing data", "test_missing_data_is_treated_as_the_alarm_says"),
        ("DatapointsToAlarm", "test_one_breach_is_enough_when_the_alarm_says_so"),
        ("an alarm's comparison", "test_value_is_compared_as_the_alarm_says"),
    ),
    *rows(
        _ALARMS,
        _CLOUDWATCH.format("monitoring/AlarmThatSendsEmail"),
        (
            "alarms change while nothing comes, by the movable clock",
            "test_silence_is_an_alarm_when_its_hours_have_passed_and_ends_when_data_comes",
        ),
    ),
    *rows(
        _ALARMS,
        _CLOUDWATCH.format("monitoring/cloudwatch-and-eventbridge"),
        ("CloudWatch Alarm State Change on EventBridge", "test_state_change_is_told_as_cloudwatch_writes_it"),
    ),
    *rows(
        _ALARMS,
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        (
            "a topic's policy and key must admit CloudWatch",
            "test_topic_is_not_told_when_its_key_does_not_admit_cloudwatch",
        ),
    ),
)
