"""The server and the rotation function derive the same password, each in its own way."""

from hypothesis import given
from hypothesis import strategies as st

from local_cloud.mail.password import expected_password
from rotation_handlers.email.ses_password import smtp_password


@given(
    secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), region=st.sampled_from(["a", "b"])
)
def test_the_server_expects_what_the_function_derives(secret: str, region: str) -> None:
    assert expected_password(secret, region) == smtp_password(secret, region)
