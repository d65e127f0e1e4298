"""The package's one kind of error."""


class ShopError(Exception):
    """The data cannot be given; the message is one line that says what to do."""
