"""The command `python -m shop`."""

from shop.cli import main
from shop.making import keep_freed_memory

if __name__ == "__main__":
    keep_freed_memory()
    main()
