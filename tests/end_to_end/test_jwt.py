"""The JWT secret rotates by its schedule, tokens of the key before it still verify, and none of a revoked key does."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest

from tests.end_to_end.by_hand import JWT, WHY, answer
from tests.end_to_end.conftest import Deployment
from tests.end_to_end.identities import application_environment
from tests.end_to_end.token_process import TokenProcess, token_process

pytestmark = pytest.mark.servers

MONTH_SECONDS = 31 * 86400
OLD_ENOUGH_SECONDS = 700  # for a key to sign


def test_tokens_of_the_previous_key_verify_after_a_scheduled_rotation(deployed: Deployment) -> None:
    before: dict[str, Any] = deployed.value("jwt/credentials")
    token = jwt.encode({"sub": "somebody"}, before["secret_key"], algorithm=before["algorithm"])

    deployed.cloud.advance(MONTH_SECONDS)
    deployed.wait_for(lambda: deployed.value("jwt/credentials") != before and deployed.is_settled())

    previous = deployed.value("jwt/credentials", stage="AWSPREVIOUS")
    assert previous == before
    assert jwt.decode(token, previous["secret_key"], algorithms=[previous["algorithm"]]) == {"sub": "somebody"}
    current = deployed.value("jwt/credentials")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, current["secret_key"], algorithms=[current["algorithm"]])


def _exchange(processes: tuple[TokenProcess, TokenProcess], tokens: dict[str, str]) -> None:
    """Have each process sign, and both accept what both have signed; keep the last token of each key."""
    signed = [process.sign() for process in processes]
    assert [process.accepts(*signed, *tokens.values()) for process in processes] == [[True] * (2 + len(tokens))] * 2
    tokens.update({jwt.get_unverified_header(token)["kid"]: token for token in signed})


def test_two_processes_accept_each_others_tokens_through_a_rotation_and_none_of_a_revoked_key(
    deployed: Deployment,
) -> None:
    deployed.rotate(JWT)
    made = deployed.client("secretsmanager").get_secret_value(SecretId=deployed.name(JWT))
    deployed.cloud.advance(OLD_ENOUGH_SECONDS)
    wall_ahead = made["CreatedDate"].timestamp() + OLD_ENOUGH_SECONDS - time.time()
    environment, old, tokens = application_environment(deployed), made["VersionId"], dict[str, str]()
    with (
        token_process(environment, wall_ahead) as one,
        token_process(environment, wall_ahead) as other,
        ThreadPoolExecutor(1) as thread,
    ):
        both = one, other
        rotated = thread.submit(deployed.rotate, JWT)
        while not rotated.done():
            _exchange(both, tokens)
        assert list(tokens) == [old]
        for step in range(50):  # at unlike moments, and now and then one process is idle
            both[step % 2].ahead(30)
            _exchange(both if step % 5 else (both[step % 2],) * 2, tokens)
        assert len(tokens) == 2  # the new key signs by now

        assert answer(deployed, "revoke", JWT, *WHY)["revoked_version_id"] == old
        for process in both:
            process.ahead(60)
        _exchange(both, {new: token for new, token in tokens.items() if new != old})
        assert [process.accepts(tokens[old]) for process in both] == [[False], [False]]
