"""The one error of this package."""


class LocalCloudError(Exception):
    """The local cloud cannot do what was asked. The message says what was found and what to do about it."""
