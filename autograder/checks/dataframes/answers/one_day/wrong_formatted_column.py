"""date_format makes a text of every ordered_at, and the file knows nothing of such texts: all orders are read, and most thrown away."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_condition_reaches_the_file"]
SIGN = "date_format"


def one_day(path, day):
    session = SparkSession.getActiveSession()
    orders = session.read.parquet(path)
    of_the_day = orders.where(F.date_format("ordered_at", "yyyy-MM-dd") == day)
    return of_the_day.select("order_id", "city", "amount_cents")
