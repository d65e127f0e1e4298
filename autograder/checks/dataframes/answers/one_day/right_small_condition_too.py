"""A condition for the reader, and an exact one beside it."""

import datetime

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def one_day(path, day):
    session = SparkSession.getActiveSession()
    begin = datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.UTC)
    near = begin + datetime.timedelta(days=1)
    orders = session.read.format("parquet").load(path)
    rough = orders.where((orders.ordered_at >= begin) & (orders.ordered_at <= near))
    exact = rough.where(F.date_format("ordered_at", "yyyy-MM-dd") == day)
    return exact.select(orders.order_id, orders.city, orders.amount_cents)
