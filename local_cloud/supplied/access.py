"""Behaviours of policies, stacks, callers and functions' packages."""

from local_cloud.supplied.row import API, Supplied, rows

_TEMPLATE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-{}.html"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
_KEYS = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html"

_CONDITIONS = "launcher/access/test_condition_keys.py"
_GATEWAY = "launcher/test_gateway.py"
_ACCESS_KEYS = "launcher/iam/test_access_keys.py"
_IAM_API = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_{}.html"
_STACK_SECRET = "launcher/cloudformation/test_secret.py"  # noqa: S105 - a file
_STACK_SCHEDULE = "launcher/cloudformation/test_rotation_schedule.py"
_STACK_POLICY = "launcher/cloudformation/test_resource_policy.py"

ACCESS: tuple[Supplied, ...] = (
    *rows(
        _STACK_POLICY,
        API.format("PutResourcePolicy"),
        ("BlockPublicPolicy refuses a public policy", "test_stack_fails_when_the_policy_admits_everybody"),
        ("a policy must be JSON", "test_put_is_refused_when_the_policy_is_no_json"),
    ),
    *rows(
        _STACK_POLICY,
        _TEMPLATE.format("resourcepolicy"),
        ("AWS::SecretsManager::ResourcePolicy", "test_policy_is_attached_when_the_stack_is_created"),
    ),
    *rows(
        _STACK_SCHEDULE,
        _TEMPLATE.format("rotationschedule"),
        ("AWS::SecretsManager::RotationSchedule", "test_first_rotation_starts_when_the_schedule_is_created"),
        ("the stack does not wait for the rotation", "test_stack_is_complete_when_the_first_rotation_fails"),
        ("RotateImmediatelyOnUpdate", "test_only_a_test_runs_when_it_is_not_to_rotate_at_once"),
        ("updates in place", "test_rules_change_in_place_when_the_schedule_is_updated"),
        ("deleting it turns rotation off", "test_rotation_is_off_when_the_schedule_leaves_the_stack"),
    ),
    *rows(
        _STACK_SECRET,
        _TEMPLATE.format("secret"),
        ("Ref of a secret is its ARN", "test_ref_is_the_arn_when_a_secret_is_created"),
    ),
    *rows(
        _CONDITIONS,
        _KEYS,
        (
            "secretsmanager:VersionStage, absent when no stage is sent",
            "test_read_is_denied_when_the_stage_is_not_the_one_in_the_condition",
        ),
        ("secretsmanager:VersionId", "test_read_by_version_id_is_denied_when_the_condition_wants_none"),
        ("keys of other parameters", "test_parameter_decides_when_the_condition_names_its_key"),
        ("secretsmanager:Name", "test_name_decides_when_a_secret_is_created"),
        ("secretsmanager:ResourceTag", "test_tag_of_the_secret_decides_when_the_condition_names_it"),
        (
            "secretsmanager:resource/AllowRotationLambdaArn",
            "test_rotation_function_of_the_secret_decides_when_the_condition_names_it",
        ),
    ),
    *rows(
        _CONDITIONS,
        _IAM,
        (
            "aws:PrincipalArn of a session is its role's ARN",
            "test_role_is_known_by_its_own_arn_with_its_path_when_a_session_of_it_calls",
        ),
        (
            "aws:SecureTransport (loopback stands for TLS)",
            "test_transport_counts_as_tls_when_the_request_does_not_say_otherwise",
        ),
    ),
    *rows(
        _ACCESS_KEYS,
        _IAM_API.format("CreateAccessKey"),
        ("a user has two access keys at most", "test_a_third_key_is_refused_when_the_user_has_two"),
    ),
    *rows(
        _ACCESS_KEYS,
        _IAM_API.format("DeleteUser"),
        ("a user with access keys is not deleted", "test_the_user_stays_when_it_has_a_key"),
        (
            "a stack whose user has access keys is not deleted",
            "test_the_stack_is_not_deleted_when_its_user_has_a_key",
        ),
    ),
    *rows(
        _ACCESS_KEYS,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        ("a user is known by its ARN with its path", "test_the_path_decides_when_a_policy_names_a_user"),
    ),
    *rows(
        "launcher/test_mail.py",
        "https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html",
        (
            "Amazon SES by SMTP accepts the password of an active access key",
            "test_the_login_succeeds_when_the_password_is_the_active_keys",
        ),
        ("an inactive or deleted key is refused", "test_the_login_is_refused_when_the_key_is_ended"),
    ),
    *rows(
        _GATEWAY,
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html",
        ("a request without a key is refused", "test_caller_is_refused_when_it_shows_no_known_key"),
    ),
    *rows(
        "launcher/test_packages.py",
        "https://docs.aws.amazon.com/lambda/latest/dg/python-package.html",
        (
            "a package for another processor runs, with this interpreter's native packages",
            "test_own_package_stands_in_when_the_functions_is_for_another_processor",
        ),
    ),
)
