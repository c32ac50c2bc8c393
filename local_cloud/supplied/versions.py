"""Behaviours of versions, their values and their staging labels."""

from local_cloud.supplied.row import API, Supplied, rows

_VALUES = "launcher/secretsmanager/test_values.py"
_LABELS = "launcher/secretsmanager/test_labels.py"
_DESCRIPTIONS = "launcher/secretsmanager/test_descriptions.py"
_CREATION = "launcher/secretsmanager/test_creation.py"

VERSIONS: tuple[Supplied, ...] = (
    *rows(
        _CREATION,
        API.format("CreateSecret"),
        ("CreateSecret's token becomes the version's id", "test_token_becomes_the_version_id_when_a_secret_is_created"),
        ("no version without a value", "test_secret_has_no_version_when_it_is_created_without_a_value"),
        ("the same CreateSecret again does nothing", "test_creation_succeeds_again_when_the_request_is_the_same"),
        (
            "a name scheduled for deletion is taken",
            "test_creation_is_refused_when_the_name_is_scheduled_for_deletion",
        ),
    ),
    *rows(
        _DESCRIPTIONS,
        API.format("DescribeSecret"),
        ("rotation's settings", "test_settings_are_told_when_rotation_is_on"),
        (
            "NextRotationDate is when the window closes",
            "test_next_rotation_is_when_the_window_closes_when_rate_and_duration_are_set",
        ),
        ("no dates without rotation", "test_dates_are_absent_when_a_secret_never_rotated"),
        ("the pending version is listed", "test_version_without_value_is_listed_when_a_rotation_is_pending"),
    ),
    *rows(
        _DESCRIPTIONS,
        API.format("ListSecrets"),
        ("ListSecrets tells of rotation", "test_list_tells_of_rotation_when_a_secret_rotates"),
    ),
    *rows(
        "launcher/secretsmanager/test_filters.py",
        API.format("Filter"),
        ("filters are prefixes", "test_secrets_are_listed_when_they_begin_with_the_filters_value"),
    ),
    *rows(
        _DESCRIPTIONS,
        API.format("ListSecretVersionIds"),
        ("IncludeDeprecated", "test_deprecated_versions_are_listed_when_they_are_asked_for"),
    ),
    *rows(
        _VALUES,
        API.format("PutSecretValue"),
        ("the same value again does nothing", "test_nothing_changes_when_a_version_gets_the_value_it_has"),
        ("a version's value never changes", "test_put_is_refused_when_the_version_has_another_value"),
        ("a version without a value takes one", "test_version_takes_a_value_when_it_has_none"),
        ("a label is on one version only", "test_label_leaves_the_other_version_when_it_is_put_on_a_new_one"),
    ),
    *rows(
        _VALUES,
        API.format("UpdateSecret"),
        ("its token may not be a version", "test_update_is_refused_when_its_token_is_a_version"),
        ("its token becomes the version's id", "test_update_makes_a_version_of_its_token_when_it_carries_a_value"),
    ),
    *rows(
        _VALUES,
        API.format("GetSecretValue"),
        (
            "version and stage must belong together",
            "test_read_is_refused_when_version_and_stage_do_not_belong_together",
        ),
        (
            "a version without a value is not found",
            "test_read_is_refused_when_the_version_by_id_has_no_value",
        ),
    ),
    *rows(
        _LABELS,
        API.format("UpdateSecretVersionStage"),
        ("AWSPREVIOUS follows AWSCURRENT", "test_previous_follows_when_current_moves"),
        ("AWSPREVIOUS moves with nothing else", "test_previous_stays_when_another_label_moves"),
        ("moving needs RemoveFromVersionId", "test_move_is_refused_when_the_holder_is_not_named"),
        ("AWSCURRENT cannot be removed", "test_current_stays_when_it_is_to_be_removed"),
    ),
)
