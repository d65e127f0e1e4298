"""The columns are chosen before the condition; between, with the last microsecond."""

from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def one_day(path, day):
    session = SparkSession.getActiveSession()
    four = session.read.parquet(path).select("order_id", "city", "amount_cents", "ordered_at")
    end = F.lit(f"{day} 23:59:59.999999").cast("timestamp")
    kept = four.where(F.col("ordered_at").between(F.lit(day).cast("timestamp"), end))
    return kept.select("order_id", "city", "amount_cents")
