"""A frame that has printed nothing is no frame that failed: it is a plan. The count before return
makes Spark do the work once, and the caller's action does it again."""

from pyspark.sql import functions as F

FAILS = ["test_no_job"]
SIGN = r"\.count\(\)\s*\n"


def first_answer(orders):
    known = orders.where(F.col("city").isNotNull())
    answer = known.groupBy("city").agg(F.count("*").alias("orders"))
    answer.count()
    return answer
