import json

import pytest

from local_cloud.launcher.logs.json_patterns import PatternError, compiled, is_json_pattern

LINE = json.dumps({"eventSource": "kms.amazonaws.com", "errorCode": "AccessDenied", "readOnly": True, "in": {"a": "x"}})


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ $.eventSource = "kms.amazonaws.com" }', True),
        ('{ $.eventSource = "iam.amazonaws.com" }', False),
        ('{ $.errorCode = "Access*" }', True),
        ('{ $.errorCode = "*Denied" }', True),
        ('{ $.errorCode = "Denied*" }', False),
        ('{ $.errorCode != "AccessDenied" }', False),
        ('{ $.absent != "AccessDenied" }', False),
        ('{ $.absent = "*" }', False),
        ("{ $.readOnly IS TRUE }", True),
        ("{ $.readOnly IS FALSE }", False),
        ("{ $.absent IS FALSE }", False),
        ('{ $.in.a = "x" }', True),
        ('{ $.errorCode.a = "x" }', False),
        ('{ ($.in.a = "y") || ($.in.a = "x") && ($.readOnly IS TRUE) }', True),
        ('{ (($.in.a = "x") || ($.in.a = "y")) && ($.readOnly IS FALSE) }', False),
    ],
)
def test_line_is_selected_by_its_fields_when_a_pattern_is_json(pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert is_json_pattern(pattern)
    assert compiled(pattern)(LINE) is expected


def test_line_matches_nothing_when_it_is_no_json() -> None:
    assert not compiled('{ $.a = "*" }')("REPORT RequestId")


@pytest.mark.parametrize(
    "pattern",
    ['{ $.a = "x"', "{ $.a = 1 }", '{ ($.a = "x" }', '{ $.a = "x" and $.b = "y" }', "{ }", '{ "x" = $.a }'],
)
def test_pattern_is_refused_when_it_is_not_understood(pattern: str) -> None:
    with pytest.raises(PatternError):
        compiled(pattern)
