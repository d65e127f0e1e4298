"""between takes both ends: the orders of the next midnight are there, too."""

import datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_edges"]


def one_day(path, day):
    session = SparkSession.getActiveSession()
    begin = datetime.date.fromisoformat(day)
    end = begin + datetime.timedelta(days=1)
    orders = session.read.parquet(path).where(F.col("ordered_at").between(begin, end))
    return orders.select("order_id", "city", "amount_cents")
