"""The rows of any table, chunk by chunk: the one place that knows which class makes which table."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import pyarrow as pa

from shop.arrow import as_text, schema
from shop.catalogue import ABOUT_ROWS, rows
from shop.clicks import Clicks
from shop.customers import Customers
from shop.deliveries import Deliveries
from shop.order_items import OrderItems
from shop.orders import Orders
from shop.products import Products

CHUNK_ROWS = 100_000


class Maker(Protocol):
    """What makes the rows of a table."""

    def chunk(self, number: int, start: int, n: int) -> dict[str, Any]: ...


@lru_cache(maxsize=12)
def maker(table: str, orders: int, seed: int) -> Maker:
    """What makes the rows of `table` beside `orders` orders of one seed."""
    if table == "customers":
        return Customers(seed, rows("customers", orders))
    if table == "products":
        return Products(seed, rows("products", orders))
    if table == "orders":
        customers, products = rows("customers", orders), rows("products", orders)
        return Orders(seed, orders, customers, products, CHUNK_ROWS)
    of = maker("orders", orders, seed)
    assert isinstance(of, Orders)
    if table == "clicks":
        return Clicks(of, rows("clicks", orders))
    return OrderItems(of) if table == "order_items" else Deliveries(of)


def _counted(table: str, orders: int) -> int:
    """The rows that are cut into chunks: a table that hangs on the orders has their chunks."""
    return orders if table in ABOUT_ROWS else rows(table, orders)


def chunk_count(table: str, orders: int) -> int:
    """How many chunks a table has."""
    return -(-_counted(table, orders) // CHUNK_ROWS)


def chunk(table: str, orders: int, seed: int, number: int) -> Any:
    """Chunk `number` of a table as an Arrow table, of about CHUNK_ROWS rows.

    It depends on its arguments alone, so chunks may be made in any order, in any process, on any
    machine. Text that is drawn from a pool is a dictionary column.
    """
    start = number * CHUNK_ROWS
    n = min(CHUNK_ROWS, _counted(table, orders) - start)
    return pa.table(maker(table, orders, seed).chunk(number, start, n))


def plain(made: Any, table: str) -> Any:
    """A chunk with plain text in place of dictionary columns: `schema(table)` exactly."""
    columns = [
        as_text(column.combine_chunks()) if pa.types.is_dictionary(column.type) else column
        for column in made.columns
    ]
    return pa.Table.from_arrays(columns, schema=schema(table))
