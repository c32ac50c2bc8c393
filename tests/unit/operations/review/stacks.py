"""Stacks for tests."""

from pathlib import Path

from operations.review.assembly import Stack


def stack(account: str | None = "111122223333", *, name: str = "AleesSecretsProd") -> Stack:
    """A stack of an assembly that is not read."""
    return Stack(
        id=name,
        name=name,
        target=f"aws://{account or 'unknown-account'}/eu-central-1",
        template_file=Path("unread"),
    )
