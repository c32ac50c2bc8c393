import pytest

from local_cloud.launcher.cloudtrail.refusals import refusal

XML = b"<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (200, {}, b'{"Name": "x"}', (None, None)),
        (304, {}, b"", (None, None)),
        (400, {}, b'{"__type": "AccessDeniedException", "Message": "may not"}', ("AccessDenied", "may not")),
        (400, {}, b'{"__type": "com.aws#NotFound", "message": "absent"}', ("NotFound", "absent")),
        (404, {"x-amzn-ErrorType": "NoSuchThing:http"}, b'{"message": "absent"}', ("NoSuchThing", "absent")),
        (404, {}, XML % (b"NoSuchEntity", b"&quot;r&quot; &amp; s"), ("NoSuchEntity", '"r" & s')),
        (403, {}, XML % (b"UnauthorizedOperation", b""), ("Client.UnauthorizedOperation", "")),
        (403, {}, b"", ("ClientError", "")),
    ],
)
def test_code_and_message_are_told_when_a_call_is_refused(
    status: int, headers: dict[str, str], body: bytes, expected: tuple[str | None, str | None]
) -> None:
    assert refusal(status, headers, body) == expected


def test_message_is_left_out_when_the_service_itself_failed() -> None:
    assert refusal(500, {}, b'{"__type": "InternalError", "message": "canary"}') == ("InternalFailure", None)
