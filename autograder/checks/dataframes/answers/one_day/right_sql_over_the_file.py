"""In SQL, on the file itself."""

from pyspark.sql import SparkSession


def one_day(path, day):
    session = SparkSession.getActiveSession()
    return session.sql(
        f"""
        SELECT order_id, city, amount_cents FROM parquet.`{path}`
        WHERE ordered_at >= TIMESTAMP '{day} 00:00:00'
          AND ordered_at < TIMESTAMP '{day} 00:00:00' + INTERVAL 1 DAY
        """
    )
