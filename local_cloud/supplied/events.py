"""Behaviours of EventBridge, its rules and the topics that they reach."""

from local_cloud.supplied.row import GUIDE, Supplied, rows

_EVENTS = "launcher/secretsmanager/test_events.py"
_DELIVERY = "launcher/cloudtrail/test_delivery.py"
_RULES = "launcher/test_eventbridge.py"
_ASYNCHRONOUS = "launcher/test_asynchronous.py"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-{}.html"

EVENTS: tuple[Supplied, ...] = (
    *rows(
        _EVENTS,
        GUIDE.format("monitoring-eventbridge"),
        (
            "RotationStarted and RotationSucceeded on EventBridge",
            "test_start_and_success_reach_eventbridge_when_a_secret_rotates",
        ),
        ("RotationFailed on EventBridge", "test_event_names_the_secret_when_a_rotation_failed"),
        (
            "EndSecretVersionDelete for each version of a secret that is deleted without recovery",
            "test_end_of_each_version_is_told_when_a_secret_is_gone_at_once",
        ),
        (
            "Secret Label Updated once when a rotation moves AWSCURRENT",
            "test_label_updated_is_sent_once_when_a_rotation_moves_current",
        ),
        (
            "Secret Label Updated when a value is set by hand",
            "test_label_updated_is_sent_when_a_value_is_set_by_hand",
        ),
        (
            "Secret Label Updated for custom labels, not for AWSPENDING",
            "test_label_updated_is_sent_when_a_custom_label_moves",
        ),
    ),
    *rows(
        _DELIVERY,
        GUIDE.format("monitoring-eventbridge"),
        (
            "events of rotation need a trail, label updates do not",
            "test_rotation_reaches_eventbridge_only_when_a_trail_is_logging",
        ),
    ),
    *rows(
        _DELIVERY,
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html",
        (
            "AWS API Call via CloudTrail",
            "test_writing_call_reaches_eventbridge_when_a_trail_is_logging",
        ),
        (
            "reading calls only for ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            "test_reading_call_reaches_only_rules_for_all_events_when_a_trail_is_logging",
        ),
        (
            "no events of calls without a trail",
            "test_no_call_reaches_eventbridge_when_no_trail_is_logging",
        ),
    ),
    *rows(
        _RULES,
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        (
            "a topic's policy must admit EventBridge",
            "test_no_alert_is_sent_when_the_topic_has_no_policy_of_its_own",
        ),
    ),
    *rows(
        _RULES,
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        (
            "a topic's key must admit EventBridge, without aws:SourceAccount or aws:SourceArn",
            "test_no_alert_is_sent_when_the_key_admits_the_service_for_an_account",
        ),
    ),
    *rows(
        _ASYNCHRONOUS,
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        ("a function's policy must admit the rule", "test_function_is_not_invoked_when_its_policy_admits_another_rule"),
    ),
    *rows(
        _ASYNCHRONOUS,
        _LAMBDA.format("error-handling"),
        (
            "a failed asynchronous invocation is tried twice again, or as often as the alias says",
            "test_function_is_tried_as_often_as_configured_when_it_fails",
        ),
    ),
    *rows(
        _ASYNCHRONOUS,
        _LAMBDA.format("retain-records"),
        (
            "an event bus gets a record of a failed asynchronous invocation",
            "test_record_reaches_the_bus_when_the_invocation_failed",
        ),
        (
            "a topic gets the record too",
            "test_record_reaches_the_topic_when_that_is_the_destination",
        ),
        (
            "the function's role must allow the record to be sent",
            "test_no_record_is_sent_when_the_role_may_not_put_events",
        ),
    ),
)
