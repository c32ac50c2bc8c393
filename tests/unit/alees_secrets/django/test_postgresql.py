import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from django.test import RequestFactory
from django.views.debug import technical_500_response

from alees_secrets import SecretsManager
from alees_secrets.shared import using
from alees_secrets.testing.using import SETTINGS
from tests.fakes.canary import exception_texts
from tests.fakes.rotations import Rotations
from tests.fakes.store_source import StoreSource
from tests.unit.alees_secrets.cached import Clock
from tests.unit.alees_secrets.django.conftest import Connect, ask

pytestmark = pytest.mark.servers

SECRET = "database/credentials"


def _end_sessions(rotations: Rotations, login: str) -> None:
    """End the sessions of a login, as its revocation does."""
    with rotations.server.as_admin(rotations.settings.name) as admin:
        admin.execute(f"GRANT {login} TO {rotations.server.running.admin} WITH INHERIT TRUE, SET FALSE")
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s AND datname = %s",
            [login, rotations.settings.name],
        )


def _error_page(connection: Any, rf: RequestFactory) -> tuple[str, BaseException]:
    """Return Django's error page for a connection that fails, and the error. Its frames begin here."""
    try:
        ask(connection)
    except OperationalError as error:
        return technical_500_response(rf.get("/"), *sys.exc_info()).content.decode(), error
    pytest.fail("it works")


def test_login_is_the_secrets_when_connected(connect: Connect, rotations: Rotations) -> None:
    connection = connect()
    assert ask(connection) == rotations.store.current()["username"]
    assert ask(connection, "SELECT current_user") == rotations.settings.owner
    assert ask(connection, "SELECT current_database()") == rotations.settings.name


def test_settings_hold_no_value_when_connected(connect: Connect, rotations: Rotations) -> None:
    connection = connect()
    ask(connection)
    current = rotations.store.current()
    assert not any(current[field] in repr(connection.settings_dict) for field in ("username", "password", "dbname"))
    assert current["password"] not in repr(vars(connection)) + repr(connection.get_connection_params())


def test_every_first_new_connection_works_when_the_login_was_rotated_twice(
    connect: Connect, rotations: Rotations, source: StoreSource
) -> None:
    connection = connect()
    ask(connection)
    for _ in range(5):
        connection.close()
        rotations.rotate()
        rotations.rotate()
        assert ask(connection) == rotations.store.current()["username"]
    assert source.reads == 6


def test_no_new_connection_works_when_the_settings_are_static(rotations: Rotations) -> None:
    fields = rotations.store.current()
    entry = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": fields["dbname"],
        "USER": fields["username"],
        "PASSWORD": fields["password"],
        "HOST": fields["host"],
        "PORT": fields["port"],
        "OPTIONS": {"sslmode": "verify-full", "sslrootcert": str(rotations.settings.certificate_authority)},
    }
    connection = ConnectionHandler({"default": entry})["default"]
    assert ask(connection) == fields["username"]
    for _ in range(5):
        connection.close()
        rotations.rotate()
        rotations.rotate()
        with pytest.raises(OperationalError, match="password authentication failed"):
            ask(connection)


def test_new_login_is_used_when_the_old_one_may_not_log_in(connect: Connect, rotations: Rotations) -> None:
    connection = connect()
    former = ask(connection)
    connection.close()
    rotations.rotate()
    with rotations.server.as_admin(rotations.settings.name) as admin:
        admin.execute(f"ALTER ROLE {former} NOLOGIN")
    assert ask(connection) == rotations.store.current()["username"] != former


def test_no_value_is_shown_when_a_login_is_refused_for_good(
    connect: Connect, rotations: Rotations, rf: RequestFactory
) -> None:
    password = rotations.store.current()["password"]
    connection = connect()
    with rotations.server.as_admin(rotations.settings.name) as admin:
        admin.execute(f"ALTER ROLE {rotations.store.current()['username']} NOLOGIN")
    page, error = _error_page(connection, rf)
    assert "is not permitted to log in" in page
    assert "get_new_connection" in page
    assert password not in page
    assert not any(password in text for text in exception_texts(error))


def test_error_page_shows_the_password_when_the_engine_is_django_s(rotations: Rotations, rf: RequestFactory) -> None:
    # The control: what the test above looks for is there where it is not taken away.
    entry = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": rotations.settings.name,
        "USER": "nobody",
        "PASSWORD": "visible-in-frames",
        "HOST": rotations.server.host,
        "PORT": rotations.server.running.port,
    }
    page, _ = _error_page(ConnectionHandler({"default": entry})["default"], rf)
    assert "visible-in-frames" in page


@pytest.mark.parametrize("field", ["USER", "PASSWORD"])
def test_connection_is_refused_when_settings_have_credentials_too(connect: Connect, field: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"DATABASES has {field} beside the engine"):
        ask(connect(**{field: "x"}))


def test_settings_go_before_the_secret_when_they_name_the_place(connect: Connect, rotations: Rotations) -> None:
    assert ask(connect(NAME="postgres"), "SELECT current_database()") == "postgres"
    with pytest.raises(OperationalError, match="port 1 failed"):
        ask(connect(PORT=1))
    with pytest.raises(OperationalError, match="127.0.0.2"):
        ask(connect(HOST="127.0.0.2", PORT=1))
    assert ask(connect(), "SELECT current_database()") == rotations.settings.name


def test_no_verified_tls_is_dropped_when_the_user_asks_for_it(connect: Connect, rotations: Rotations) -> None:
    connection = connect()
    ask(connection)
    assert connection.connection.pgconn.ssl_in_use
    other = rotations.server.write_certificates(b"")
    with pytest.raises(OperationalError, match="root certificate|SSL"):
        ask(connect(OPTIONS={"sslrootcert": str(other)}))


def test_servers_own_database_is_used_when_none_is_asked_for(connect: Connect) -> None:
    with connect()._nodb_cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == ("postgres",)


def test_test_database_is_named_after_the_secrets_when_settings_name_none(
    connect: Connect, rotations: Rotations
) -> None:
    def named(**changes: Any) -> str:
        return str(connect(**changes).creation._get_test_db_name())

    assert named() == f"test_{rotations.settings.name}"
    assert named(NAME="erp") == "test_erp"
    assert named(TEST={"NAME": "mine"}) == "mine"


def test_password_is_in_the_environment_alone_when_dbshell_starts(connect: Connect, rotations: Rotations) -> None:
    connection, current = connect(), rotations.store.current()
    args, env = connection.client.settings_to_cmd_args_env(connection.settings_dict, ["-c", "SELECT 1"])
    port = str(current["port"])
    expected = ["psql", "-U", current["username"], "-h", current["host"], "-p", port, "-c", "SELECT 1"]
    assert args == [*expected, current["dbname"]]
    authority = str(rotations.settings.certificate_authority)
    assert env == {"PGPASSWORD": current["password"], "PGSSLMODE": "verify-full", "PGSSLROOTCERT": authority}
    elsewhere = connect(NAME="other", HOST="tunnel", PORT=1)
    args, env = elsewhere.client.settings_to_cmd_args_env({**elsewhere.settings_dict, "OPTIONS": {}}, [])
    assert args == ["psql", "-U", current["username"], "-h", "tunnel", "-p", "1", "other"]
    assert env == {"PGPASSWORD": current["password"]}


def test_persistent_connection_is_closed_between_requests_when_the_login_changed(
    connect: Connect, rotations: Rotations
) -> None:
    connection = connect(CONN_MAX_AGE=None)
    connection.close_if_unusable_or_obsolete()
    former = ask(connection)
    held = connection.connection
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is held
    rotations.rotate()
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is held  # nobody knows of the new login yet
    SecretsManager().refresh(SECRET)
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is None
    assert ask(connection) != former


def test_persistent_connection_is_kept_when_a_transaction_is_open(connect: Connect, rotations: Rotations) -> None:
    connection = connect(CONN_MAX_AGE=None)
    ask(connection)
    rotations.rotate()
    SecretsManager().refresh(SECRET)
    connection.in_atomic_block = True
    connection.close_if_unusable_or_obsolete()
    connection.in_atomic_block = False
    assert connection.connection is not None


def test_next_request_works_when_the_session_of_a_persistent_connection_was_ended(
    connect: Connect, rotations: Rotations
) -> None:
    connection = connect(CONN_MAX_AGE=None)
    _end_sessions(rotations, ask(connection))
    connection.close_if_unusable_or_obsolete()  # the request ends, or the next one begins
    ask(connection)


def test_connection_is_left_to_django_when_it_is_known_to_be_broken(connect: Connect) -> None:
    connection = connect(CONN_MAX_AGE=None)
    ask(connection)
    connection.connection.pgconn.finish()
    connection.close_if_unusable_or_obsolete()
    ask(connection)


def test_session_is_kept_when_its_secret_is_too_old_and_aws_is_away(connect: Connect, source: StoreSource) -> None:
    connection, clock = connect(CONN_MAX_AGE=None), Clock()
    with using(SecretsManager(SETTINGS, source=source, clock=clock)):
        held = ask(connection, "SELECT pg_backend_pid()")
        clock.now += 86_400
        source.away = True
        connection.close_if_unusable_or_obsolete()
    assert ask(connection, "SELECT pg_backend_pid()") == held


def test_session_is_kept_when_its_secret_is_no_longer_known(connect: Connect, source: StoreSource) -> None:
    connection = connect(CONN_MAX_AGE=None)
    ask(connection)
    held, reads = connection.connection, source.reads
    with using(SecretsManager(SETTINGS, source=source)):
        connection.close_if_unusable_or_obsolete()
    assert connection.connection is held
    assert source.reads == reads
