"""to_date of the column: Spark turns that one into a comparison of the column itself."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def one_day(path, day):
    session = SparkSession.getActiveSession()
    orders = session.read.parquet(path)
    of_the_day = orders.where(F.to_date("ordered_at") == F.lit(day).cast("date"))
    return of_the_day.select("order_id", "city", "amount_cents")
