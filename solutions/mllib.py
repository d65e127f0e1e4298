# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # MLlib
#
# When will my parcel come? The shop's customers ask it every day, and the answer lies in the deliveries of two years.
# In this notebook you build a model that gives it, in Spark, from the split of the rows to the coefficients. It goes
# with the chapter *MLlib* of the book; each report of a check names the section to read.
#
# How to work:
#
# 1. Run the first cells. The second starts Spark, which takes a few seconds.
# 2. Write your answer in the cell of an exercise, in place of the line that raises `NotImplementedError`. Run it.
# 3. Run the cell below it, `check(...)`. It calls your function on several frames, and says what came back.
# 4. Stuck? `hint(impute)` gives a hint, and a further one each time you ask. After a check has passed,
#    `solution(impute)` shows how the course does it.
#
# `deliveries` is there to try things with. `with watched() as run:` around a piece of code tells how Spark did it:
# `run.jobs` is the number of jobs.
#
# What holds for every exercise: the rows of a frame that you return may come in any order, and a frame that you are
# given is a plan, not a table: it may be used several times. A model is judged by what it does, with rows that you have
# not seen, never by the names of its stages. So there are many right pipelines. Numbers need not agree to the last digit:
# where another solver would differ, so may you. The first six exercises are the core; the last two are a stretch.

# %% tags=["setup"]
import shop
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.evaluation import RegressionEvaluator
from pyspark.ml.feature import (
    Imputer,
    OneHotEncoder,
    SQLTransformer,
    StandardScaler,
    StringIndexer,
    VectorAssembler,
)
from pyspark.ml.regression import LinearRegression
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from autograder import check, hint, predict, progress, solution, watched

# %% tags=["setup"]
spark = SparkSession.builder.getOrCreate()

# %%
deliveries = spark.read.parquet(str(shop.path("deliveries", "small")))
progress("mllib")

# %% [markdown]
# **Predict before you run.** Three stages are put into a pipeline: one fills gaps, one makes a vector of columns, one
# scales it. How many jobs does Spark run for this cell? Write your number in place of `...`, run the cell, then run the
# next one.

# %%
predict("jobs_of_an_unfitted_pipeline", ...)

# %%
with watched() as run:
    Pipeline(
        stages=[
            Imputer(inputCols=["distance_km"], outputCols=["km"]),
            VectorAssembler(inputCols=["km", "weight_g"], outputCol="parts"),
            StandardScaler(inputCol="parts", outputCol="features"),
        ]
    )
print(run.jobs)

# %% [markdown] exercise="split_by_time"
# A model that is asked about tomorrow has to be tested as it will be used: fitted on what was, judged on what came
# after.
#
# Complete `split_by_time(deliveries, cut)`. `deliveries` is a frame with `order_id` (bigint), `dispatched_at` (timestamp,
# null where the parcel has not left yet) and further columns. `cut` is a time, as a text like `2025-10-01 00:00:00`, in
# UTC, which is the session's time zone. The function returns two frames, `(train, test)`:
#
# - `train`: the parcels that left before the cut;
# - `test`: all others: those that left at the cut or after it, and those that have not left yet.
#
# Every row is in exactly one of the two, with all its columns as they were and no others. Rows that are alike are
# different rows. Either frame may come out empty. The function starts no job.
#
# Most of it is written. Say which rows go where.


# %% answer="split_by_time"
def split_by_time(deliveries, cut):
    """The deliveries before a time, and all others: (train, test)."""
    left = F.col("dispatched_at")
    time = F.lit(cut).cast("timestamp")
    ### BEGIN SOLUTION
    train = deliveries.where(left < time)
    test = deliveries.where(left.isNull() | (left >= time))
    ### END SOLUTION
    return train, test
