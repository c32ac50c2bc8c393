"""A planted value, and everywhere an exception could carry it."""

from collections.abc import Iterator

CANARY = "canary-value-that-must-not-be-seen"


def exception_texts(error: BaseException) -> Iterator[str]:
    """Yield whatever a logger, a traceback or a debugger would show of *error* and of all that it chains to."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield from (str(each), repr(each), repr(each.args), repr(vars(each)), str(getattr(each, "doc", "")))
        yield from getattr(each, "__notes__", [])
        waiting += [each.__cause__, each.__context__, *getattr(each, "exceptions", [])]
