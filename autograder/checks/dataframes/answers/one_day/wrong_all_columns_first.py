"""The rows of all columns went through dropDuplicates and had to be read for it: fourteen columns for the sake of three. Rows that are alike are different orders."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_edges", "test_columns_that_are_read"]
SIGN = "dropDuplicates"


def one_day(path, day):
    session = SparkSession.getActiveSession()
    orders = session.read.parquet(path).dropDuplicates()
    of_the_day = orders.where(F.to_date("ordered_at") == F.lit(day).cast("date"))
    return of_the_day.select("order_id", "city", "amount_cents")
