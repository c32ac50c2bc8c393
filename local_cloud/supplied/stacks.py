"""Behaviours of resource types in stacks."""

from local_cloud.supplied.row import Supplied, rows

_TEMPLATE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/{}.html"

_BOUNDARY = "launcher/cloudformation/test_permissions_boundary.py"
_BUCKET = "launcher/cloudformation/test_bucket.py"
_NAMES = "launcher/cloudformation/test_taken_names.py"

STACKS: tuple[Supplied, ...] = (
    *rows(
        _BOUNDARY,
        _TEMPLATE.format("aws-resource-iam-role"),
        ("a role's PermissionsBoundary", "test_boundary_denies_when_the_roles_own_policy_allows"),
        (
            "a boundary must exist",
            "test_stack_fails_without_a_role_when_the_boundary_does_not_exist",
        ),
    ),
    *rows(
        _BOUNDARY,
        "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html",
        ("a policy that bounds a role is not deleted", "test_boundary_is_kept_when_a_role_still_has_it"),
    ),
    *rows(
        "launcher/cloudformation/test_oidc_provider.py",
        _TEMPLATE.format("aws-resource-iam-oidcprovider"),
        ("AWS::IAM::OIDCProvider", "test_role_is_assumed_when_the_token_is_for_the_subject_and_audience"),
        ("an account has a provider once", "test_stack_fails_when_the_account_has_the_provider"),
    ),
    *rows(
        _BUCKET,
        _TEMPLATE.format("aws-resource-s3-bucket"),
        ("a bucket's Object Lock", "test_version_is_kept_when_the_bucket_is_locked"),
        ("a bucket's encryption", "test_objects_are_encrypted_when_the_template_says_how"),
        ("a bucket's object ownership", "test_owner_is_kept_when_the_template_says_who"),
        ("a bucket that is not empty is not deleted", "test_bucket_stays_when_it_is_not_empty"),
    ),
    *rows(
        "launcher/test_eventbridge.py",
        _TEMPLATE.format("aws-resource-sns-topic"),
        ("a topic's key", "test_key_of_the_topic_is_told_when_it_is_encrypted"),
    ),
    *rows(
        _NAMES,
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html",
        (
            "a secret, role, policy or alias whose name is taken fails",
            "test_stack_fails_and_rolls_back_when_a_name_is_taken",
        ),
    ),
)
