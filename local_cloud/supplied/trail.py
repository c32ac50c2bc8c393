"""Behaviours of CloudTrail."""

from local_cloud.supplied.row import Supplied, rows

_TEMPLATE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html"
_GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/{}.html"
_API = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_{}.html"

_STACK_TRAIL = "launcher/cloudformation/test_trail.py"
_RECORDING = "launcher/cloudtrail/test_recording.py"
_DELIVERY = "launcher/cloudtrail/test_delivery.py"
_PARAMETERS = "launcher/cloudtrail/test_parameters.py"
_PATTERNS = "launcher/logs/test_json_patterns.py"
_SUBSCRIPTIONS = "launcher/logs/test_subscriptions.py"
_OPERATIONS = "launcher/cloudtrail/test_operations.py"

TRAIL: tuple[Supplied, ...] = (
    *rows(
        _STACK_TRAIL,
        _TEMPLATE,
        ("AWS::CloudTrail::Trail", "test_trail_is_logging_when_the_stack_is_created"),
        ("a trail changes in place", "test_trail_changes_in_place_when_the_template_does"),
    ),
    *rows(
        _STACK_TRAIL,
        _API.format("CreateTrail"),
        (
            "bucket, key, log group and role must admit CloudTrail for this trail",
            "test_stack_fails_when_cloudtrail_is_not_admitted",
        ),
    ),
    *rows(
        _RECORDING,
        _API.format("StopLogging"),
        ("StopLogging is the last event", "test_last_call_is_the_stop_when_the_trail_is_stopped"),
    ),
    *rows(
        _RECORDING,
        _API.format("StartLogging"),
        ("StartLogging resumes", "test_calls_are_told_again_when_the_trail_is_started"),
    ),
    *rows(
        _RECORDING,
        _GUIDE.format("cloudtrail-event-reference-record-contents"),
        ("denied calls with their errorCode", "test_refusal_is_told_when_a_call_is_denied"),
        ("no values in events", "test_no_value_is_told_when_values_are_written_and_read"),
    ),
    *rows(
        _PARAMETERS,
        _GUIDE.format("cloudtrail-event-reference-record-contents"),
        ("requestParameters as typed", "test_names_begin_in_lower_case_when_a_request_is_json"),
        (
            "requestParameters above 100 KB are left out",
            "test_nothing_is_told_when_the_parameters_are_larger_than_cloudtrail_keeps",
        ),
    ),
    *rows(
        _RECORDING,
        _GUIDE.format("cloudtrail-event-reference-user-identity"),
        ("userIdentity of root", "test_root_is_named_when_it_calls"),
        ("userIdentity of a user", "test_user_is_named_when_it_calls_with_an_access_key"),
        ("userIdentity of a role's session", "test_role_and_session_are_named_when_a_session_calls"),
        ("userIdentity of a service", "test_service_is_named_when_lambda_assumes_a_functions_role"),
    ),
    *rows(
        _RECORDING,
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_batch.html",
        ("GetSecretValue for each secret of a batch", "test_each_secret_is_told_when_a_batch_is_read"),
    ),
    *rows(
        _OPERATIONS,
        _GUIDE.format("logging-data-events-with-cloudtrail"),
        (
            "data events are not recorded",
            "test_event_is_named_as_cloudtrail_does_when_it_is_about_management",
        ),
    ),
    *rows(
        _RECORDING,
        _GUIDE.format("cloudtrail-concepts"),
        ("IAM's events are in us-east-1", "test_call_is_told_in_us_east_1_when_it_is_iams"),
        (
            "a multi-region trail has the events of all regions",
            "test_calls_of_other_regions_are_told_when_the_trail_is_of_all_regions",
        ),
    ),
    *rows(
        _PATTERNS,
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html",
        (
            "subscriptions select lines by JSON fields: texts, TRUE and FALSE; other patterns are refused",
            "test_line_is_selected_by_its_fields_when_a_pattern_is_json",
        ),
    ),
    *rows(
        _SUBSCRIPTIONS,
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html",
        (
            "a subscribed function's policy must admit CloudWatch Logs",
            "test_subscription_is_refused_when_the_function_does_not_admit_logs",
        ),
        (
            "two subscriptions of a log group",
            "test_third_subscription_is_refused_when_a_log_group_has_two",
        ),
    ),
    *rows(
        _DELIVERY,
        _GUIDE.format("send-cloudtrail-events-to-cloudwatch-logs"),
        (
            "a trail's log group has the events, and subscriptions see them",
            "test_function_hears_of_a_denied_read_when_it_subscribes_to_the_log_group",
        ),
        (
            "the log stream's name",
            "test_stream_is_named_as_cloudtrail_does_when_events_are_written",
        ),
    ),
)
