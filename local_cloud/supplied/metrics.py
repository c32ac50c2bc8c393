"""Behaviours of CloudWatch: metrics and alarms."""

from local_cloud.supplied.row import Supplied, rows

_SOURCES = "launcher/cloudwatch/test_sources.py"
_ALARMS = "launcher/cloudwatch/test_alarms.py"
_EVALUATION = "launcher/cloudwatch/test_evaluation.py"
_BANDS = "launcher/cloudwatch/test_bands.py"
_BAND_ALARMS = "launcher/cloudwatch/test_band_alarms.py"
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
        _BANDS,
        _CLOUDWATCH.format("monitoring/CloudWatch_Anomaly_Detection"),
        (
            "a band of usual values, by a model that stands in for AWS's",
            "test_edge_is_the_mean_and_so_many_deviations_more",
        ),
        ("no band before there is enough history", "test_nothing_is_usual_while_there_is_too_little_history"),
    ),
    *rows(
        _BAND_ALARMS,
        _CLOUDWATCH.format("monitoring/Create_Anomaly_Detection_Alarm"),
        (
            "an alarm above the band of a metric (GreaterThanUpperThreshold), in stacks",
            "test_alarm_rings_when_two_hours_are_above_what_was_learned",
        ),
    ),
    *rows(
        _BAND_ALARMS,
        _CLOUDWATCH.format("monitoring/cloudwatch-and-eventbridge"),
        ("the state change of an alarm on a band", "test_state_change_names_metric_and_band_as_cloudwatch_does"),
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
