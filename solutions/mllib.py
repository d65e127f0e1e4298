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


# %% [markdown] exercise="impute"
# Some parcels were never weighed, and some distances are missing. A linear model needs a number in each place.
#
# Complete `impute(train, test, columns)`. `train` and `test` are frames with the same columns, and `columns` is a list of
# names of some of them, all of type double. The function returns both frames, `(train, test)`, with every gap in
# `columns` filled:
#
# - A gap is a null or a NaN.
# - It is filled with the mean of the values of that column **in `train`** that are neither null nor NaN, in `train` and
#   in `test` alike. Every one of `columns` has at least one such value in `train`.
# - What is no gap stays as it is, in `columns` and in all other columns, nulls and NaN in other columns too. No column
#   and no row is added or left out.
# - `test` may be empty. What is in `test` must not change `train`.
# - The means may need a look at `train`, so the function may start jobs. No rows are brought to the driver, except the
#   means.
#
# The imputer is there. Fit it, and use it.


# %% answer="impute"
def impute(train, test, columns):
    """Both frames with the gaps in `columns` filled by the means of `train`."""
    imputer = Imputer(strategy="mean", inputCols=columns, outputCols=columns)
    ### BEGIN SOLUTION
    model = imputer.fit(train)
    return model.transform(train), model.transform(test)
    ### END SOLUTION


# %% [markdown] exercise="features"
# A linear model knows numbers only. `Postline` is none, and 431 km beside 2 kg would be hard to compare.
#
# Write `features(categories, numbers)`. `categories` and `numbers` are lists of column names, at least one in each. It
# returns an unfitted `Pipeline` that makes a vector of each row. The check fits it on a frame `train`, and has the model
# transform other frames. In these frames the columns of `categories` are texts and may be null; those of `numbers` are
# doubles, never missing, and have at least two different values in `train`. After `fit` and `transform`
#
# - every row is still there, with all its columns, and with a column `features`, a vector; you may leave further columns;
# - for each column of `numbers` the vector has one entry: the value, less the column's mean in `train`, divided by the
#   column's standard deviation in `train`;
# - for each column of `categories` it has one entry for each text that occurs in `train`: 1 where the row has that text,
#   else 0. A row whose text did not occur in `train`, or is null, has 0 in all of these;
# - the vector has no other entries, and its entries may stand in any order, which is the same in every row.
#
# Whether the standard deviation is taken with n or with n - 1 does not matter. A frame that is transformed may be empty.
# `train` has nulls in `categories` too; null is not a text. The function starts no job.


# %% answer="features"
def features(categories, numbers):
    """An unfitted pipeline that makes the vector `features` of categories and numbers."""
    ### BEGIN SOLUTION
    places = [f"{name} as a place" for name in categories]
    dummies = [f"{name} as 0 and 1" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places, handleInvalid="keep"),
            OneHotEncoder(inputCols=places, outputCols=dummies),
            VectorAssembler(inputCols=numbers, outputCol="numbers as a vector"),
            StandardScaler(
                inputCol="numbers as a vector", outputCol="scaled", withMean=True, withStd=True
            ),
            VectorAssembler(inputCols=["scaled", *dummies], outputCol="features"),
        ]
    )
    ### END SOLUTION


# %% [markdown] exercise="fit_delivery"
# How many hours does a parcel take, and what makes it slow? The shop wants a forecast for each parcel, and wants to know
# what an express mark, a weekend, or another courier is worth.
#
# Write `fit_delivery(train, base)`. `train` is a frame with
#
# - `order_id` (bigint);
# - `courier` (string, never null);
# - `distance_km` and `weight_g` (double, may be null);
# - `express` and `weekend` (boolean, never null): whether it is marked express, and left on a Saturday or Sunday;
# - `hours` (double): how long it took, null where it has not arrived.
#
# The hours are a sum: so many to begin with, so many for each 100 km and for each kilogram, more or less for each
# courier, for express and for a weekend. Fit this by least squares, without a penalty, on the rows of `train` that have
# hours. A missing distance or weight counts as the mean of the known ones **of these rows**. Rows that are alike all count.
# `base` is the name of one of the couriers in `train`. The function returns `(model, effects)`:
#
# - `model`: a `PipelineModel`. Its `transform` is given a frame with the columns of `train`, with or without `hours`, and
#   returns each of its rows with a column `prediction` (double), the forecast in hours. It fills missing distances and
#   weights with the same means. Its couriers are among those of `train`.
# - `effects`: a dictionary from texts to floats, all in hours: `"start"`, the hours to begin with, of a parcel of `base`
#   with 0 km, 0 g, no express and no weekend; `"per_100_km"`; `"per_kg"`; `"express"`; `"weekend"`; and for **each** courier
#   in `train`, under its own name, how many hours more it takes than `base`. That of `base` itself is 0.
#
# A solver may stop a little before the exact solution: forecasts and effects may differ from it by 0.02 hours.


# %% answer="fit_delivery"
def fit_delivery(train, base):
    """A model of the hours, and what each thing about a parcel adds to them."""
    ### BEGIN SOLUTION
    known = train.where(F.col("hours").isNotNull())
    couriers = StringIndexer(inputCol="courier", outputCol="place")
    parts = ["km", "grams", "express", "weekend", "which"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]),
            couriers,
            OneHotEncoder(inputCol="place", outputCol="which", dropLast=False),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(featuresCol="features", labelCol="hours", regParam=0.0),
        ]
    ).fit(known)
    names = model.stages[1].labels
    numbers = [float(one) for one in model.stages[-1].coefficients]
    of_courier = dict(zip(names, numbers[4:], strict=True))
    effects = {
        "start": float(model.stages[-1].intercept) + of_courier[base],
        "per_100_km": numbers[0] * 100,
        "per_kg": numbers[1] * 1000,
        "express": numbers[2],
        "weekend": numbers[3],
    }
    effects |= {name: hours - of_courier[base] for name, hours in of_courier.items()}
    return model, effects
    ### END SOLUTION
