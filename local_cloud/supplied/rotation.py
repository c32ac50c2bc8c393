"""Behaviours of rotation and its schedule."""

from local_cloud.supplied.row import API, GUIDE, Supplied, rows

_ROTATION = "launcher/secretsmanager/test_rotation.py"
_ROTATE = "launcher/secretsmanager/test_rotate.py"
_SCHEDULE = "launcher/secretsmanager/test_schedule.py"
_SCHEDULER = "launcher/secretsmanager/test_scheduler.py"

ROTATION: tuple[Supplied, ...] = (
    *rows(
        _ROTATE,
        API.format("RotateSecret"),
        ("RotateSecret needs a rotation function", "test_rotation_is_refused_when_no_function_is_known"),
        ("a rotation is refused while another is pending", "test_rotation_is_refused_when_another_is_pending"),
        (
            "AWSPENDING on the AWSCURRENT version is no pending rotation",
            "test_rotation_starts_when_pending_is_on_the_current_version",
        ),
        ("ClientRequestToken becomes the version's id", "test_token_becomes_the_version_id_when_it_is_sent"),
        ("its caller needs lambda:InvokeFunction", "test_caller_is_denied_when_it_may_rotate_but_not_invoke"),
    ),
    *rows(
        _ROTATE,
        API.format("CancelRotateSecret"),
        ("CancelRotateSecret turns rotation off", "test_rotation_is_off_when_it_was_cancelled"),
    ),
    *rows(
        _ROTATE,
        GUIDE.format("troubleshoot_rotation"),
        (
            "the function's policy must admit Secrets Manager, for the secret's account",
            "test_rotation_is_refused_when_the_function_does_not_admit_the_service",
        ),
    ),
    *rows(
        _ROTATION,
        API.format("RotateSecret"),
        ("rotation is asynchronous", "test_answer_comes_at_once_when_the_function_is_slow"),
        ("RotateImmediately=false runs testSecret only", "test_only_testsecret_runs_when_not_to_rotate_immediately"),
    ),
    *rows(
        _ROTATION,
        API.format("CancelRotateSecret"),
        (
            "cancelling ends a rotation under way and leaves its labels",
            "test_no_further_step_runs_when_rotation_is_cancelled",
        ),
    ),
    *rows(
        _ROTATION,
        GUIDE.format("rotate-secrets_lambda-functions"),
        ("the function is invoked for four steps", "test_four_steps_run_in_order_when_a_secret_rotates"),
        (
            "AWSPENDING is on a version without a value before createSecret",
            "test_pending_version_has_no_value_when_createsecret_begins",
        ),
        (
            "AWSPENDING is dropped after success",
            "test_pending_version_becomes_current_when_the_rotation_succeeds",
        ),
        (
            "success means AWSCURRENT on the new version",
            "test_rotation_fails_when_finishsecret_leaves_the_label_where_it_was",
        ),
        (
            "every invocation needs the function's policy",
            "test_rotation_fails_when_the_permission_to_invoke_is_taken_away",
        ),
        ("the same token takes a rotation up again", "test_rotation_goes_on_when_the_same_token_is_sent_again"),
    ),
    *rows(
        _ROTATION,
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html",
        (
            "a failed step is tried twice again (after 1 and 2 seconds; AWS: minutes)",
            "test_rotation_fails_when_a_step_failed_three_times",
        ),
    ),
    *rows(
        _ROTATION,
        GUIDE.format("troubleshoot_rotation"),
        ("AWSPENDING stays after a failure", "test_pending_label_stays_when_the_rotation_failed"),
    ),
    *rows(
        _ROTATION,
        GUIDE.format("cloudtrail_log_entries"),
        (
            "a value set by hand abandons the rotation and takes AWSPENDING",
            "test_rotation_is_abandoned_when_the_value_is_changed_by_hand",
        ),
        (
            "TestRotationFailed when a test fails",
            "test_test_failed_is_reported_when_the_configuration_does_not_work",
        ),
    ),
    *rows(
        _SCHEDULE,
        API.format("RotationRulesType"),
        ("rate() and cron() windows in UTC", "test_window_is_the_next_when_a_secret_rotated_on_a_monday_morning"),
        ("wrong rules are refused", "test_rules_are_refused_when_secrets_manager_would"),
    ),
    *rows(
        _SCHEDULER,
        GUIDE.format("rotate-secrets_schedule"),
        ("schedules come due", "test_secret_rotates_again_when_its_schedule_comes_due"),
    ),
    *rows(
        _SCHEDULER,
        API.format("RotationRulesType"),
        (
            "a value set by hand counts as a rotation",
            "test_value_put_by_hand_counts_as_a_rotation_when_the_next_is_planned",
        ),
    ),
    *rows(
        _SCHEDULER,
        API.format("DescribeSecret"),
        (
            "NextRotationDate lies in the past after a failure",
            "test_next_rotation_lies_in_the_past_when_the_scheduled_one_failed",
        ),
    ),
    *rows(
        _SCHEDULER,
        GUIDE.format("troubleshoot_rotation"),
        (
            "a scheduled rotation reattempts the one that is pending",
            "test_same_version_is_tried_again_when_an_earlier_rotation_is_pending",
        ),
    ),
)
