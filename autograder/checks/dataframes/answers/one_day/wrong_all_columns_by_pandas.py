"""pandas read every column of every order into the driver, and chose there."""

import pandas as pd
from pyspark.sql import SparkSession

FAILS = ["test_condition_reaches_the_file", "test_columns_that_are_read"]
SIGN = "read_parquet\\(path\\)\\n"


def one_day(path, day):
    session = SparkSession.getActiveSession()
    orders = pd.read_parquet(path)
    orders = orders[orders["ordered_at"].dt.strftime("%Y-%m-%d") == day]
    few = orders[["order_id", "city", "amount_cents"]].astype({"city": "object"})
    few["city"] = few["city"].where(few["city"].notna(), None)
    schema = "order_id bigint, city string, amount_cents bigint"
    return session.createDataFrame(few, schema)
