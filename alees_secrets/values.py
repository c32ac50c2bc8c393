"""The fields of one secret, kept from being shown by accident."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self, SupportsIndex, final, overload


@final
class SecretFields(Mapping[str, str | int]):
    """The fields of one secret: ``fields["password"]`` is the plain value.

    Whatever shows the whole of it shows the names of the fields alone: ``repr``, ``str``, f-strings, logging,
    ``pprint``, ``json.dumps(default=str)``. ``dict(fields)`` is the way to get plain values; it hides nothing.

    The fields of the four kinds are attributes too: ``fields.password``. Nothing lists them, so that debuggers do not
    show them.

    Immutable, and a copy is the object itself. It equals any mapping of the same content; it has no hash.

    Args:
        fields: Plain values by field name. Copied.

    Raises:
        KeyError: On look-up of a field that is not there; it carries the name asked for.
        AttributeError: The same for an attribute; it names the fields that are there.
        TypeError: On pickling.
    """

    __slots__ = ("_values",)

    username: str
    password: str
    host: str
    port: int
    dbname: str
    api_key: str
    api_secret: str
    secret_key: str
    algorithm: str

    def __init__(self, fields: Mapping[str, str | int]) -> None:
        values = dict(fields)
        # Behind a function, because debuggers, inspect.getmembers() and __getstate__() print attributes.
        self._values: Callable[[], dict[str, str | int]] = lambda: values

    @overload
    def __getitem__(
        self,
        key: Literal["username", "password", "host", "dbname", "api_key", "api_secret", "secret_key", "algorithm"],
    ) -> str: ...
    @overload
    def __getitem__(self, key: Literal["port"]) -> int: ...
    @overload
    def __getitem__(self, key: str) -> str | int: ...
    def __getitem__(self, key: str) -> str | int:
        return self._values()[key]

    if not TYPE_CHECKING:  # else every misspelt attribute would pass the type checker

        def __getattr__(self, name: str) -> str | int:
            if name.startswith("_") or name not in self:
                raise AttributeError(f"this secret has no field {name!r}; its fields are {', '.join(self)}")
            return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values())

    def __len__(self) -> int:
        return len(self._values())

    def __repr__(self) -> str:
        return f"<SecretFields: {', '.join(self)}; values hidden>"

    def __format__(self, format_spec: str) -> str:
        # Every specification is accepted: one that is refused would make a log line fail.
        return repr(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(
            "SecretFields cannot be pickled, since that would write its values in clear; read the secret again in the "
            "other process with SecretsManager().get_secret(name)"
        )
