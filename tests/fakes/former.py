"""A database that one role uses by itself, as the ERP's was before this project."""

import uuid
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from rotation_handlers.database.adoption import Adoption
from rotation_handlers.deadline import Deadline
from tests.fakes.lambda_context import FakeContext
from tests.fakes.postgres import Connection, login
from tests.fakes.rotations import Rotations

PASSWORD = "only-for-this-test"


@dataclass
class Former:
    """The former role, and what adopts it.

    Attributes:
        rotations: The rotation of the secret that the logins will be in, with its database and settings.
        role: Name of the former role.
        admin: User name and password of the admin.
    """

    rotations: Rotations
    role: str
    admin: tuple[str, str]

    def connect(self) -> Connection:
        """Log in as the former role."""
        return self.login(self.role)

    def login(self, name: str, password: str = PASSWORD) -> Connection:
        """Log in as a role that has the tests' password."""
        settings = self.rotations.settings
        fields = {"host": settings.host, "port": settings.port, "dbname": settings.name}
        return login(fields | {"username": name, "password": password}, settings.certificate_authority)

    def as_admin(self) -> Connection:
        """Log in as the admin."""
        return self.login(*self.admin)

    def adopt(self, *, apply: bool = True, role: str | None = None) -> list[str]:
        """Return the statements that are needed, after they were run if *apply* says so."""
        answer = self.send({"Role": role or self.role, "Apply": apply})
        assert answer["applied"] is apply
        statements: Any = answer["statements"]
        assert all(set(statement) == {"sql", "why"} and statement["why"] for statement in statements)
        return [statement["sql"] for statement in statements]

    def send(self, event: dict[str, object]) -> dict[str, object]:
        """Return the answer to an event of adoption."""
        adoption = Adoption(self.rotations.settings, lambda: self.admin)
        return adoption.run({"Operation": "adopt", **event}, Deadline(FakeContext()))

    def owned(self) -> list[tuple[Any, ...]]:
        """Return what still belongs to the former role in this database: kind and identity."""
        with self.as_admin() as connection:
            return connection.execute(
                "SELECT i.type, i.identity FROM pg_shdepend d CROSS JOIN LATERAL"
                " pg_identify_object(d.classid, d.objid, d.objsubid) i WHERE d.refobjid = %s::regrole"
                " AND d.deptype = 'o' AND i.type <> 'default acl'"
                " AND d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database())) ORDER BY 1, 2",
                [quoted(self.role)],
            ).fetchall()


def quoted(name: str) -> str:
    """Return *name* quoted for SQL."""
    return sql.Identifier(name).as_string()


def new_former(rotations: Rotations, role: str | None = None) -> Former:
    """Make a role as an admin makes one for an application, which may create in database and schema."""
    name = role or f"erp_{uuid.uuid4().hex[:8]}"
    running = rotations.server.running
    former = Former(rotations, name, (running.admin, running.password))
    with former.as_admin() as connection:
        connection.execute(f"CREATE ROLE {quoted(name)} LOGIN PASSWORD '{PASSWORD}'")
        connection.execute(f"GRANT CREATE ON DATABASE {rotations.settings.name} TO {quoted(name)}")
        if connection.info.server_version >= 150000:  # before, PUBLIC could
            connection.execute(f"GRANT CREATE ON SCHEMA public TO {quoted(name)}")
    return former
