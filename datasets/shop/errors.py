"""What goes wrong with the shop's data, said in one sentence."""


class ShopError(Exception):
    """A request that cannot be met. Its message is one line that says what to do."""
