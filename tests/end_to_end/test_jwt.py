"""The JWT secret rotates by its schedule, and tokens of the key before it still verify."""

from typing import Any

import jwt
import pytest

from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers

MONTH_SECONDS = 31 * 86400


def test_tokens_of_the_previous_key_verify_after_a_scheduled_rotation(deployed: Deployment) -> None:
    before: dict[str, Any] = deployed.value("jwt/credentials")
    token = jwt.encode({"sub": "somebody"}, before["secret_key"], algorithm=before["algorithm"])

    deployed.cloud.advance(MONTH_SECONDS)
    deployed.wait_for(lambda: deployed.value("jwt/credentials") != before)

    previous = deployed.value("jwt/credentials", stage="AWSPREVIOUS")
    assert previous == before
    assert jwt.decode(token, previous["secret_key"], algorithms=[previous["algorithm"]]) == {"sub": "somebody"}
    current = deployed.value("jwt/credentials")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, current["secret_key"], algorithms=[current["algorithm"]])
