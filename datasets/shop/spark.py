"""The tables made by a Spark cluster: the same rows, for sizes that outgrow one disk or machine.

    from shop import spark as shop_spark

    shop_spark.table(session, "orders", 10**9).write.parquet("...")

    shop_spark.register(session)
    session.read.format("shop").option("table", "orders").option("rows", 10**6).load()

Every executor makes whole chunks, which depend on the seed and their number alone. The executors
need this package and Faker, in the same versions. Times are instants; Spark shows them in the
session's time zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from shop.arrow import schema
from shop.catalogue import SEED, known_seed, known_table, orders_of
from shop.errors import ShopError
from shop.rows import chunk, chunk_count, plain

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

OPTIONS = ("table", "size", "rows", "seed")


def table(
    session: SparkSession,
    name: str,
    size: str | int = "small",
    *,
    seed: int | None = None,
    partitions: int | None = None,
) -> DataFrame:
    """A table of the shop as a lazy Spark DataFrame; its chunks are made where Spark runs.

    Args:
        name: the table.
        size: a size's name, or a number of orders.
        partitions: over how many the chunks are spread; None for Spark's default parallelism.

    Raises:
        ShopError: there is no such table, size or seed.
    """
    orders, number = orders_of(size), known_seed(seed)
    count = chunk_count(known_table(name), orders)

    def make(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for place in batch.column(0).to_pylist():
                yield from _batches(name, orders, number, place)

    spread = min(count, partitions or session.sparkContext.defaultParallelism)
    chunks = session.range(0, count, 1, spread)
    return chunks.mapInArrow(make, _spark_schema(name))


def register(session: SparkSession) -> None:
    """Let `session.read.format("shop")` give the shop's tables."""
    session.dataSource.register(ShopDataSource)


class ShopDataSource(DataSource):
    """`format("shop")` with the options table, size or rows (a number of orders), and seed."""

    @classmethod
    def name(cls) -> str:
        return "shop"

    def _asked(self) -> tuple[str, int, int]:
        unknown = sorted(set(self.options) - set(OPTIONS))
        if unknown:
            raise ShopError(f"There is no option {unknown[0]!r}; there are {', '.join(OPTIONS)}.")
        rows = self.options.get("rows")
        size: str | int = self.options.get("size", "small")
        try:
            size = int(rows) if rows is not None else size
            seed = int(self.options.get("seed", SEED))
        except ValueError:
            raise ShopError("The options rows and seed take whole numbers.") from None
        table = known_table(self.options.get("table", ""))
        return table, orders_of(size), known_seed(seed)

    def schema(self) -> StructType:
        return _spark_schema(self._asked()[0])

    def reader(self, schema: StructType) -> DataSourceReader:
        return _Reader(*self._asked())


class _Reader(DataSourceReader):
    def __init__(self, table: str, orders: int, seed: int) -> None:
        self.table, self.orders, self.seed = table, orders, seed

    def partitions(self) -> list[InputPartition]:
        return [InputPartition(number) for number in range(chunk_count(self.table, self.orders))]

    def read(self, partition: InputPartition) -> Iterator[Any]:
        yield from _batches(self.table, self.orders, self.seed, partition.value)


def _batches(table: str, orders: int, seed: int, number: int) -> Iterator[Any]:
    made = plain(chunk(table, orders, seed, number), table)
    yield from made.combine_chunks().to_batches(max_chunksize=10_000)


def _spark_schema(table: str) -> StructType:
    return from_arrow_schema(schema(table))
