import pytest

from operations.review.legible import legible, legible_diff, legible_statements, legible_template

DIGEST = "0123456789abcdef" * 4
ARN = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sns:", {"Fn::GetAtt": ["Key", "Arn"]}]]}


def test_references_become_text_when_they_are_joined() -> None:
    assert legible({"Resource": [ARN, {"Ref": "Secret"}]}) == {
        "Resource": ["arn:${AWS::Partition}:sns:${Key.Arn}", "${Secret}"]
    }


def test_a_join_stays_when_a_part_of_it_is_no_text() -> None:
    split = {"Fn::Split": ["/", {"Ref": "Url"}]}

    assert legible({"Fn::Join": ["", ["a", split]]}) == {"Fn::Join": ["", ["a", {"Fn::Split": ["/", "${Url}"]}]]}


def test_effect_and_actions_stand_before_the_resource_when_a_statement_is_read() -> None:
    statement = {"Action": ["a:B", "c:D"], "Condition": {}, "Effect": "Allow", "Resource": "*", "Sid": "One"}

    read = legible(statement)

    assert list(read) == ["Sid", "Effect", "Action", "Resource", "Condition"]
    assert read["Action"] == "a:B, c:D"


def test_notes_on_assets_and_versions_are_left_out_when_a_template_is_read() -> None:
    function = {"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": DIGEST, "aws:cdk:path": "A/B"}}
    template = {"Resources": {"Function": function, "CDKMetadata": {"Type": "AWS::CDK::Metadata"}}}

    assert legible_template(template)["Resources"] == {
        "Function": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "A/B"}}
    }


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ({"Effect": "Allow", "Action": "a:B", "Resource": ["x"]}, 'Allow a:B on ["x"]'),
        ({"Effect": "Deny", "NotAction": "a:B", "Principal": "*"}, "Deny all but a:B to *"),
        (
            {"Effect": "Deny", "Action": "a:*", "Condition": {"Null": {"k": "true"}}},
            'Deny a:* when {"Null": {"k": "true"}}',
        ),
    ],
)
def test_all_of_a_statement_is_told_when_its_resource_is_new(statement: dict[str, object], told: str) -> None:
    resource = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}

    assert list(legible_statements(resource)) == [told]


def test_tables_summaries_and_long_digests_are_left_out_when_a_difference_is_shown() -> None:
    printed = f"""
Stack One
IAM Statement Changes
┌───┬───┐
│ + │ * │
└───┴───┘
(NOTE: There may be security-related changes not in this list. See https://github.com/aws/aws-cdk/issues/1299)

Resources
[~] AWS::Lambda::Function Function
 └─ [+] {DIGEST}.zip

✨  Number of stacks with differences: 1
"""
    assert legible_diff(printed).splitlines() == [
        "Stack One",
        "Resources",
        "[~] AWS::Lambda::Function Function",
        " └─ [+] 01234567.zip",
    ]
