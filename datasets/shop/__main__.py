"""The command `python -m shop`."""

from shop.cli import main

main()
