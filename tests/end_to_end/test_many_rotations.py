"""A hundred rotations, back to back, through the local AWS."""

import pytest

from tests.end_to_end.conftest import Deployment

pytestmark = pytest.mark.servers

ROTATIONS = 100


def test_each_rotation_makes_one_version_and_nothing_else_is_left_when_a_hundred_are_done(deployed: Deployment) -> None:
    path = "database/credentials"
    server = deployed.environment.database
    deployed.rotate(path)  # the second one of all makes the second login
    with deployed.login(deployed.value(path)) as connection:
        roles = connection.execute("SELECT rolname FROM pg_roles ORDER BY 1").fetchall()
    before = _versions(deployed, path)

    for _ in range(ROTATIONS):
        deployed.rotate(path)

    assert len(_versions(deployed, path) - before) == ROTATIONS
    others = {"AWSPENDING", "alees-revoked"}  # the latter where somebody revoked a version before
    labels = [label for each in deployed.labels(path).values() for label in each if label not in others]
    assert sorted(labels) == ["AWSCURRENT", "AWSPREVIOUS"]
    current, previous = deployed.value(path), deployed.value(path, "AWSPREVIOUS")
    assert {current["username"], previous["username"]} == set(server.logins)
    deployed.login(previous).close()
    with deployed.login(current) as connection:
        assert connection.execute("SELECT rolname FROM pg_roles ORDER BY 1").fetchall() == roles
        sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'alees-rotation'"
        deployed.wait_for(lambda: connection.execute(sessions).fetchone() == (0,))


def _versions(deployed: Deployment, path: str) -> set[str]:
    client, found, rest = deployed.client("secretsmanager"), set[str](), dict[str, str]()
    while True:
        answer = client.list_secret_version_ids(SecretId=deployed.name(path), IncludeDeprecated=True, **rest)
        found |= {version["VersionId"] for version in answer["Versions"]}
        if "NextToken" not in answer:
            return found
        rest = {"NextToken": answer["NextToken"]}
