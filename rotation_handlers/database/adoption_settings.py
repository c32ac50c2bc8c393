"""Settings of roles: the logins' sessions begin as the former role's do, but acting as the owner."""

import re
from collections.abc import Iterator

from psycopg import sql

from rotation_handlers.database.adoption_situation import PARAMETER_RIGHTS, Situation, Statement

_LIST_SETTINGS = {
    "search_path",
    "temp_tablespaces",
    "session_preload_libraries",
    "shared_preload_libraries",
    "local_preload_libraries",
}
"""Settings that hold a list of names, each of which SET wants quoted by itself (GUC_LIST_QUOTE in PostgreSQL)."""

_SEARCH_PATH = """
SELECT quote_ident(current_database()), coalesce(
  (SELECT substr(setting, length('search_path=') + 1) FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) setting
   WHERE s.setrole = 0 AND strpos(setting, 'search_path=') = 1
     AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())),
  (SELECT boot_val FROM pg_settings WHERE name = 'search_path'))
WHERE EXISTS (SELECT FROM pg_namespace WHERE nspname = %(name)s)
"""

_SETTINGS = """
SELECT r.rolname, quote_ident(d.datname), unnest(s.setconfig)
FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE r.rolname = ANY(%(names)s::text[])
"""

_RESERVED_PARAMETERS = """
SELECT n.name FROM unnest(%(names)s::text[]) n (name) LEFT JOIN pg_settings s ON s.name = n.name
WHERE s.context IN ('superuser', 'superuser-backend')
"""

# From PostgreSQL 15 on, an extension's parameters that the server does not know are reserved too.
_PARAMETERS_WITHOUT_RIGHT = """
SELECT n.name FROM unnest(%(names)s::text[]) n (name) LEFT JOIN pg_settings s ON s.name = n.name
WHERE coalesce(s.context IN ('superuser', 'superuser-backend'), strpos(n.name, '.') > 0)
  AND NOT has_parameter_privilege(n.name, 'SET')
"""


def plan_settings(situation: Situation) -> Iterator[Statement]:
    """Return what makes the logins start sessions as the former role does, but acting as the owner."""
    found = _settings(situation)
    reserved = _reserved(situation, sorted({name for settings in found.values() for name in settings}))
    here = {database: settings for (role, database), settings in found.items() if role == situation.former_name}
    here |= _own_schema(situation, here)
    for login in situation.settings.logins:
        login_sql = f"ALTER ROLE {situation.quoted[login]}"
        present, wanted = found.get((login, ""), {}), _wanted(situation, found, login)
        if list(present) != list(wanted)[: len(present)]:
            yield Statement(sql=f"{login_sql} RESET ALL", why="rotations compare the logins' settings with their order")
            present = {}
        yield from _set(situation, login_sql, present, wanted, reserved)
        for database in sorted(filter(None, here)):
            present, wanted = found.get((login, database), {}), here[database]
            yield from _set(situation, f"{login_sql} IN DATABASE {database}", present, wanted, reserved)


def _own_schema(situation: Situation, here: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Return this database's settings with the former role's own schema in the search path, if there is one.

    The logins' sessions act as the owner, so that "$user" is another name there.
    """
    for database, usual in situation.select(_SEARCH_PATH, name=situation.former_name):
        settings = here.get(database, {})
        path = settings.get("search_path") or here.get("", {}).get("search_path") or usual
        if '"$user"' in path:
            return {database: {**settings, "search_path": path.replace('"$user"', situation.former_sql)}}
    return {}


def _settings(situation: Situation) -> dict[tuple[str, str], dict[str, str]]:
    """Return settings by role and quoted database ("" for all), in the server's order."""
    names = [situation.former_name, *situation.settings.logins]
    found: dict[tuple[str, str], dict[str, str]] = {}
    for role, database, setting in situation.select(_SETTINGS, names=names):
        parameter, _, value = setting.partition("=")
        found.setdefault((role, database or ""), {})[parameter] = value
    return found


def _wanted(situation: Situation, found: dict[tuple[str, str], dict[str, str]], login: str) -> dict[str, str]:
    """Return the settings of the former role, the owner as role, and those that only *login* has."""
    former = found.get((situation.former_name, ""), {})
    owner = {"role": situation.settings.owner}
    return {**former, **owner, **found.get((login, ""), {}), **former, **owner}


def _set(
    situation: Situation, change: str, present: dict[str, str], wanted: dict[str, str], reserved: set[str]
) -> Iterator[Statement]:
    for parameter, value in wanted.items():
        if present.get(parameter) == value:
            continue
        statement = f"{change} SET {parameter} TO {_value(parameter, value)}"
        yield Statement(
            sql=statement,
            why="what its new sessions make belongs to the owner role"
            if parameter == "role"
            else "the former role's sessions have this setting",
            cure=_reserved_cure(situation, parameter, statement) if parameter in reserved else None,
        )


def _value(parameter: str, value: str) -> str:
    if parameter not in _LIST_SETTINGS:
        return sql.Literal(value).as_string()
    items = re.findall(r'"((?:[^"]|"")*)"|([^,\s]+)', value)
    return ", ".join(sql.Literal(quoted.replace('""', '"') or bare).as_string() for quoted, bare in items)


def _reserved(situation: Situation, parameters: list[str]) -> set[str]:
    """Return those parameters that the admin may not set."""
    if situation.admin.attributes["rolsuper"]:
        return set()
    query = _PARAMETERS_WITHOUT_RIGHT if situation.version >= PARAMETER_RIGHTS else _RESERVED_PARAMETERS
    return {name for (name,) in situation.select(query, names=parameters)}


def _reserved_cure(situation: Situation, parameter: str, statement: str) -> str:
    return f"GRANT SET ON PARAMETER {parameter} TO ADMIN" if situation.version >= PARAMETER_RIGHTS else statement
