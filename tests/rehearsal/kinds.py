"""The kinds that are rehearsed. A new one adds its line."""

from collections.abc import Mapping

from tests.rehearsal.api_key import http_world, internal_world
from tests.rehearsal.database import database_world, single_login_world
from tests.rehearsal.jwt import jwt_world
from tests.rehearsal.world import WorldMaker

KINDS: Mapping[str, WorldMaker] = {
    "database": database_world,
    "single-login": single_login_world,
    "jwt": jwt_world,
    "api-internal": internal_world,
    "api-http": http_world,
}
