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
# 3. Run the cell below it, `check(...)`. It calls your function on several frames, and says what came back. Each fit is
#    some of Spark's jobs, so a first check may take ten seconds here, and a later one two or three.
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
#
# When the first model is fitted, two lines that begin with `netlib` may appear. They are no error: Spark looked for a
# faster library of linear algebra on this machine, found none, and uses its own.

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
# one or more of their names, all of type double. The function returns both frames, `(train, test)`, with every gap in
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
# doubles, never missing, and have at least two different values in `train`. Each column of `categories` has at least one
# text in `train`. After `fit` and `transform`
#
# - every row is still there, with all its columns, and with a column `features`, a vector; you may leave further columns;
# - for each column of `numbers` the vector has one entry: the value, less the column's mean in `train`, divided by the
#   column's standard deviation in `train`;
# - for each column of `categories` it has one entry for each text that occurs in `train`: 1 where the row has that text,
#   else 0. A row whose text did not occur in `train`, or is null, has 0 in all of these;
# - the vector has no other entries, and its entries may stand in any order, which is the same in every row.
#
# Whether the standard deviation is taken with n or with n - 1 does not matter. Null is not a text, and no text is empty.
# `train` has at least two rows; a frame that is transformed may have none. No column of these frames is
# called `features`, and no name begins with `_`.


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
# At least two couriers occur in `train`, each with parcels that have hours, and `base` is the name of one of them. The
# function returns `(model, effects)`:
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
    parts = ["km", "grams", "express", "weekend", "which"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]),
            StringIndexer(inputCol="courier", outputCol="place"),
            OneHotEncoder(inputCol="place", outputCol="which"),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(known)
    # The encoder leaves out the last of the labels: that courier's number is 0.
    numbers = [*map(float, model.stages[-1].coefficients), 0.0]
    of_courier = dict(zip(model.stages[1].labels, numbers[4:], strict=True))
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


# %% [markdown] exercise="evaluate"
# A model is off by three hours on average. Is that good? It depends on how far off one is without a model.
#
# Write `evaluate(model, train, test)`. `model` is a fitted `PipelineModel`: its `transform` returns the rows of a frame,
# with their columns and one more, `prediction` (double, never null), in hours. `train`, the rows that it was fitted on,
# and `test`, rows that it has not seen, are frames with `order_id` (bigint), `distance_km` (double, may be null),
# `express` (boolean) and `hours` (double, null where the parcel has not arrived). The function returns a dictionary with
# three entries, in hours, all of them about the rows of `test` that have `hours`:
#
# - `"rmse"` (float): the root of the mean of the squared errors, where an error is `prediction` less `hours`;
# - `"mae"` (float): the mean of the absolute errors;
# - `"baseline_rmse"` (float): the RMSE of someone who has no model, and forecasts the same for every parcel: the mean of
#   the `hours` of `train`.
#
# Rows without `hours` count nowhere, and rows that are alike all count. `train` has at least one row with `hours`. Where
# `test` has none, all three entries are `None`. Do not round. No rows are brought to the driver: at `small`, at most
# 100 kB come to it.


# %% answer="evaluate"
def evaluate(model, train, test):
    """RMSE and MAE of a model on rows that it has not seen, and the RMSE of a constant."""
    ### BEGIN SOLUTION
    (usual,) = train.agg(F.avg("hours")).first()
    arrived = model.transform(test.where(F.col("hours").isNotNull()))
    error = F.col("prediction") - F.col("hours")
    found = arrived.agg(
        F.sqrt(F.avg(error**2)).alias("rmse"),
        F.avg(F.abs(error)).alias("mae"),
        F.sqrt(F.avg((F.col("hours") - usual) ** 2)).alias("baseline_rmse"),
    )
    return found.first().asDict()
    ### END SOLUTION


# %% [markdown] exercise="no_leak"
# The program below forecasts the hours of parcels. Its author tried it on last month's, and it was hardly ever wrong by a
# minute. Then it was run on parcels that were still on their way, and it failed. It uses what nobody can know that early.
# Mend it.
#
# `no_leak(train, test)` is given two frames with
#
# - `order_id` (bigint), `courier` (string), `express` (boolean) and `dispatched_at` (timestamp), all never null, and
#   `distance_km` and `weight_g` (double, may be null): known when a parcel leaves;
# - `delivered_at` (timestamp), `hours` (double) and `stars` (double, the customer's judgement from 1 to 5): known when it
#   has arrived, and null before. `stars` is null for most others, too.
#
# It returns a frame with one row for each row of `test`: `order_id` and `prediction` (double), the forecast in hours. Some
# rows of `train` have not arrived either, and nothing can be learned from them.
#
# - The forecast for a row depends on `train`, and on what is known of **that row** when it leaves. It is the same whatever
#   stands in the last three columns of `test`, and whichever other rows are in `test`. (0.001 hours do not matter.)
# - It is good: on later parcels, whose hours the function was not given, its RMSE is at most 5 % above that of the
#   reference, which keeps what is sound in the program below. The check tells both. Any model will do.
# - Every row gets a number, never null or NaN, also where distance or weight is missing, and where `train` has no parcel of its
#   courier. Of the rows of `train` that have arrived at least one has a distance, and one a weight. Rows that are alike
#   are different rows and get a row each. `test` has at least one row.


# %% answer="no_leak"
def no_leak(train, test):
    """Forecasts for the parcels of `test`, learned from `train`."""
    ### BEGIN SOLUTION
    known = train.where(F.col("hours").isNotNull())
    usual = known.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))

    def prepared(frame):
        weekend = F.dayofweek("dispatched_at").isin(1, 7).cast("double")
        return frame.join(usual, "courier", "left").withColumn("weekend", weekend)

    with_gaps = ["distance_km", "weight_g", "usual_hours"]
    parts = ["km", "grams", "usual", "express", "weekend"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["km", "grams", "usual"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(prepared(known).cache())
    return model.transform(prepared(test)).select("order_id", "prediction")
    ### END SOLUTION


# %% given="no_leak"
def no_leak(train, test):
    """Forecasts for the parcels of `test`, learned from `train`."""
    both = train.withColumn("asked", F.lit(False)).unionByName(
        test.withColumn("asked", F.lit(True))
    )
    usual = both.groupBy("courier").agg(F.avg("hours").alias("usual_hours"))
    rows = both.join(usual, "courier", "left")
    rows = rows.withColumn("weekend", F.dayofweek("dispatched_at").isin(1, 7).cast("double"))
    seconds = F.unix_timestamp("delivered_at") - F.unix_timestamp("dispatched_at")
    rows = rows.withColumn("days", seconds / 86_400)
    rows = rows.withColumn("slow", (F.col("days") > 1.5).cast("double"))

    with_gaps = ["distance_km", "weight_g", "usual_hours", "stars"]
    parts = ["km", "grams", "usual", "judged", "express", "weekend", "days", "slow"]
    model = Pipeline(
        stages=[
            Imputer(inputCols=with_gaps, outputCols=["km", "grams", "usual", "judged"]),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(labelCol="hours"),
        ]
    ).fit(rows.where(F.col("hours").isNotNull()).cache())
    return model.transform(rows.where("asked")).select("order_id", "prediction")


# %% [markdown] exercise="tune"
# How much penalty should a model get? Nobody can tell beforehand. So one tries some on parcels that left later than those
# it was fitted on, and keeps the parcels of the test out of that.
#
# Write `tune(train, test, grid, cut)`. `train` and `test` are frames with `dispatched_at` (timestamp), `distance_km`
# (double), `queue` (double: how many parcels waited in the warehouse when it left) and `hours` (double). No value is
# missing, and every row of `test` left after all rows of `train`. `grid` is a list of one or more dictionaries with the
# keys `"regParam"` and `"elasticNetParam"`, floats, no two of them alike. `cut` is a time in UTC, as a text like
# `2025-10-01 00:00:00`; `train` has rows before it, and others. The model is always MLlib's `LinearRegression` of `hours`
# by `distance_km` and `queue`, with both parameters as a dictionary of `grid` says, and else its defaults.
#
# 1. Fit it with each dictionary on the rows of `train` that left before the cut, and take its RMSE on the rows of `train`
#    that left at the cut or after it.
# 2. The dictionary with the smallest RMSE is the best. The second one is always worse by more than 1 %.
# 3. Fit the model with the best one anew, on all rows of `train`, and take its RMSE on `test`.
#
# The function returns a dictionary: `"best"`, the dictionary of `grid`, and `"rmse"` (float), the RMSE of step 3 (0.1 %
# to either side do not matter). `test` is for step 3 alone: its rows are computed at most twice. One call of an
# evaluator computes them once.


# %% answer="tune"
def tune(train, test, grid, cut):
    """The best parameters by a validation later in time, and the RMSE on the test."""
    ### BEGIN SOLUTION
    assembler = VectorAssembler(inputCols=["distance_km", "queue"], outputCol="features")
    rmse = RegressionEvaluator(labelCol="hours", metricName="rmse")
    at = F.lit(cut).cast("timestamp")
    rows = assembler.transform(train).cache()  # for every fit and comparison
    early, late = rows.where(F.col("dispatched_at") < at), rows.where(F.col("dispatched_at") >= at)

    def fitted(params, frame):
        return LinearRegression(labelCol="hours", **params).fit(frame)

    found = [rmse.evaluate(fitted(params, early).transform(late)) for params in grid]
    best = grid[found.index(min(found))]
    model = fitted(best, rows)
    return {"best": best, "rmse": rmse.evaluate(model.transform(assembler.transform(test)))}
    ### END SOLUTION


# %% [markdown] exercise="where_it_runs"
# The shop pays for many machines. Which steps of a program about models make use of them?
#
# Write `where_it_runs(steps)`. `steps` is a list of dictionaries, each of which describes one step of a program, in
# order. It returns a list of texts of the same length:
#
# - `"executors"` where Spark's tasks work on the rows, and nothing that they find in them goes to the driver;
# - `"both"` where Spark's tasks go through the rows, and what they find goes to the driver, which needs it to go on: rows,
#   sums or counts;
# - `"driver"` where no task takes part: the process of the program does it alone.
#
# `rows` is a Spark frame at first. After the step `"toPandas"` it is a pandas frame, and stays one; then no model of
# MLlib is asked to predict its rows. A lazy step counts as what it does once its rows are needed. How many machines and
# cores there are, and which numbers the options have, does not matter.
#
# | `step["do"]` | with a Spark frame | with a pandas frame | options |
# |---|---|---|---|
# | `"filter"` | `rows.where(...)` | `rows[...]` | |
# | `"mean"` | `rows.agg(F.avg("hours")).first()` | `rows["hours"].mean()` | |
# | `"toPandas"` | `rows.toPandas()` | does not occur | |
# | `"fit"` | MLlib's `Pipeline(stages=...).fit(rows)` | `fit` of a pipeline of scikit-learn | `"stages"`: names, see below |
# | `"search"` | MLlib's `CrossValidator(..., parallelism=n).fit(rows)` with a `LinearRegression` | scikit-learn's `GridSearchCV(..., n_jobs=n).fit(...)` | `"n"` |
# | `"fit_each"` | `rows.groupBy("courier").applyInPandas(f, schema)` | `f` for each part of `rows.groupby("courier")`; `f` fits a model of scikit-learn to one courier's rows | |
# | `"predict"` | `"mllib"`: `model.transform(rows)`; `"sklearn"`: a pandas UDF that calls `model.predict` | `model.predict(...)` of scikit-learn | `"model"`: `"mllib"` or `"sklearn"` |
# | `"predict_one"` | `model.predict(vector)` of an MLlib model, for one vector that the program typed in | the same | |
# | `"evaluate"` | MLlib's `RegressionEvaluator().evaluate(rows)` | scikit-learn's `mean_squared_error(...)` | |
# | `"write"` | `rows.write.parquet(path)` | `rows.to_parquet(path)` | |
#
# `"stages"` is a list of one or more of `"Bucketizer"`, `"SQLTransformer"` and `"VectorAssembler"`, which have nothing to
# learn, so that fitting them looks at no row, and `"Imputer"`, `"StandardScaler"`, `"StringIndexer"`, `"LinearRegression"`
# and `"DecisionTreeRegressor"`, which learn from the rows. Without steps the list is empty.


# %% answer="where_it_runs"
def where_it_runs(steps):
    """For each step of a described program, where it is done."""
    ### BEGIN SOLUTION
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
    ### END SOLUTION
