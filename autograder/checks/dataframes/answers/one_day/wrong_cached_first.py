"""What is cached is cached whole: all columns of all orders are read and kept, and the condition comes after."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_condition_reaches_the_file", "test_columns_that_are_read"]
SIGN = "cache\\("


def one_day(path, day):
    session = SparkSession.getActiveSession()
    orders = session.read.parquet(path).cache()
    of_the_day = orders.where(F.to_date("ordered_at") == F.lit(day).cast("date"))
    return of_the_day.select("order_id", "city", "amount_cents")
