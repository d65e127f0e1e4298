"""Spark cannot look into a Python function: it reads every order, and sends its time to Python to be judged."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FAILS = ["test_condition_reaches_the_file"]
SIGN = "udf"


def one_day(path, day):
    session = SparkSession.getActiveSession()
    is_day = F.udf("boolean")(lambda at: at is not None and at.strftime("%Y-%m-%d") == day)
    orders = session.read.parquet(path)
    return orders.where(is_day("ordered_at")).select("order_id", "city", "amount_cents")
