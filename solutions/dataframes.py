# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # DataFrames and lazy evaluation
#
# You write twenty lines, and Spark runs something else: later, in another order, or not at all. In this notebook you
# write programs of which the right part runs, once. It goes with the chapter *DataFrames and lazy evaluation* of the
# book; each report of a check names the section to read.
#
# How to work:
#
# 1. Run the first cells. The second starts Spark, which takes a few seconds.
# 2. Write your answer in the cell of an exercise, in place of the line that raises `NotImplementedError`. Run it.
# 3. Run the cell below it, `check(...)`. It calls your function on tables of several sizes, and says what came back.
# 4. Stuck? `hint(clean_amounts)` gives a hint, and a further one each time you ask. After a check has passed,
#    `solution(clean_amounts)` shows how the course does it.
#
# `with watched() as run:` around a piece of code tells how Spark did it: `run.jobs` is the number of jobs,
# `run.picture` the plan. `orders` and `customers` are there to try things with.
#
# What holds for every exercise: the rows of a frame that you return may come in any order. Its columns are those that
# are named, and no others. A frame that you are given may be empty, rows that are alike are different rows, and you may
# answer with the methods of a frame or in SQL. "Starts no job" means that the function returns before Spark has done
# any work; what Spark does later, when the rows are asked for, does not count. The first six exercises are the core;
# the last two are a stretch.

# %% tags=["setup"]
import datetime
from decimal import Decimal

import pandas as pd
import shop
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from autograder import check, hint, predict, progress, solution, watched

# %% tags=["setup"]
spark = SparkSession.builder.getOrCreate()

# %%
orders = spark.read.parquet(str(shop.path("orders", "small")))
customers = spark.read.parquet(str(shop.path("customers", "small")))
progress("dataframes")

# %% [markdown]
# **Predict before you run.** How many jobs does Spark run for these four lines: read a Parquet file, keep some rows,
# sort them, and keep the frame in the cache? Write your number in place of `...`, run the cell, then run the next one.

# %%
predict("jobs_of_four_lines", ...)

# %%
with watched() as run:
    some = spark.read.parquet(str(shop.path("orders", "small")))
    some = some.where("items > 3")
    some = some.orderBy("amount_cents")
    some.cache()
print(run.jobs)

# %% [markdown] exercise="revenue_by_home_city"
# Where do the customers live who bring the money?
#
# Complete `revenue_by_home_city(orders, customers)`. `orders` is a frame with `order_id` (bigint), `customer_id`
# (bigint, null for guests), `city` (string) and `amount_cents` (bigint). `customers` has `customer_id` (bigint, never
# null, each once), `city` (string, may be null) and `segment` (string). Mind: `orders.city` is where the parcel went,
# `customers.city` is where the customer lives. The function returns a frame with one row for each city where customers
# live who ordered:
#
# - `home_city` (string): the city from `customers`;
# - `orders` (bigint): the number of orders;
# - `revenue_cents` (bigint): the sum of their amounts.
#
# Every order counts in exactly one row. Those of guests, of customers who are not in `customers`, and of customers
# whose city is null, count together in one row whose `home_city` is null. A city whose customers ordered nothing has no
# row. Without orders there are no rows. The function starts no job.
#
# Most of it is written. Join the two frames, then group.


# %% answer="revenue_by_home_city"
def revenue_by_home_city(orders, customers):
    """Orders and revenue by the city where the customer lives."""
    homes = customers.select("customer_id", F.col("city").alias("home_city"))
    paid = orders.select("customer_id", "amount_cents")
    ### BEGIN SOLUTION
    together = paid.join(homes, "customer_id", "left")
    return together.groupBy("home_city").agg(
        F.count("*").alias("orders"), F.sum("amount_cents").alias("revenue_cents")
    )
    ### END SOLUTION


# %% [markdown] exercise="starts_work"
# A program is read line by line. At which lines does Spark start to work?
#
# Complete `starts_work(steps)`. `steps` is a list of dictionaries, each of which describes one line of a program. It
# returns a list of the same length, with `True` where Spark starts a job when that line runs, and `False` where it does
# not. Each line stands for itself: `frame` is a frame with rows that was read from a Parquet file, and `rdd` an RDD
# of pairs with rows in four partitions.
#
# | `step["do"]` | the line | options |
# |---|---|---|
# | `"select"`, `"where"`, `"distinct"`, `"limit"`, `"repartition"`, `"orderBy"`, `"join"`, `"agg"` | the method of that name; `agg` is `frame.groupBy("city").count()` | |
# | `"cache"`, `"explain"`, `"printSchema"` | the method of that name | |
# | `"count"`, `"collect"`, `"take"`, `"show"`, `"isEmpty"`, `"toPandas"`, `"write"` | the method of that name; `write` is `frame.write.parquet(path)` | |
# | `"read.parquet"` | `spark.read.parquet(path)` | `"schema"`: whether `.schema(...)` was given |
# | `"read.csv"` | `spark.read.csv(path)` | `"schema"`: as above; `"header"`, `"inferSchema"`: the reader's options |
# | `"pivot"` | `frame.groupBy("city").pivot("status", values).count()` | `"values"`: whether the values were given |
# | `"localCheckpoint"` | `frame.localCheckpoint(eager=...)` | `"eager"` |
# | `"rdd.map"`, `"rdd.reduceByKey"` | the method of that name | |
# | `"rdd.sortBy"` | `rdd.sortBy(f, numPartitions=...)` | `"into"`: the number of partitions, 1 or more |
# | `"rdd.toDF"` | `rdd.toDF(...)` | `"types"`: whether the columns' types were given, or only their names |
#
# An option is always there, and `True` or `False` unless the table says otherwise. The table in the chapter's section
# *What starts a job* was measured; `watched` measures what you are not sure of. Two rules are written.
#
# Where the first line raises, you may put what your rules look up, such as a set of names. If you need nothing there,
# take the line away.


# %% answer="starts_work"
def starts_work(steps):
    """For each step, whether Spark starts a job at that line."""

    ### BEGIN SOLUTION
    actions = {"count", "collect", "take", "show", "isEmpty", "toPandas", "write"}
    ### END SOLUTION

    def starts(step):
        do = step["do"]
        if do == "rdd.map":  # a transformation notes what to do
            return False
        if do == "rdd.sortBy":  # the rows are sampled, to cut them into ranges of like size
            return step["into"] > 1
        ### BEGIN SOLUTION
        if do in {"read.parquet", "read.csv"}:
            return not step["schema"]
        if do == "pivot":
            return not step["values"]
        if do == "localCheckpoint":
            return step["eager"]
        if do == "rdd.toDF":
            return not step["types"]
        return do in actions
        ### END SOLUTION

    return [starts(step) for step in steps]


# %% [markdown] exercise="clean_amounts"
# A partner sends a list of orders as text, typed by hand. One bad field must not end the night's job.
#
# Write `clean_amounts(raw)`. `raw` is a frame with `order_id` (bigint), `amount` (string), `discount` (double) and
# `status` (string); all but `order_id` may be null. It returns a frame with
#
# - `order_id` (bigint);
# - `amount` (decimal(12,2)): the amount, null where it is missing or bad;
# - `bad` (boolean): `true` where `raw.amount` is there and is not an amount, else `false`;
# - `discount` (double): as it was, but null in place of NaN, which the partner's program writes for "unknown".
#
# What an amount is: digits, perhaps a minus sign before them, perhaps a point and one or two digits after them; spaces
# before and after do not matter. So `12.50`, `12`, ` 7.5 ` and `-3.00` are amounts; `12,50`, `n/a`, `EUR 5` and an empty
# text are bad. Amounts have at most nine digits before the point. Three digits after the point, a plus sign and
# exponents (`12.345`, `+5`, `1e3`) do not occur.
#
# Orders whose status is `cancelled` are left out; an order without a status stays. The function starts no job, and the
# setting `spark.sql.ansi.enabled` is on when it returns, as it was before.


# %% answer="clean_amounts"
def clean_amounts(raw):
    """Amounts as decimals, bad ones marked, without cancelled orders."""
    ### BEGIN SOLUTION
    amount = F.col("amount").try_cast("decimal(12,2)")
    kept = raw.where(F.col("status").isNull() | (F.col("status") != "cancelled"))
    return kept.select(
        "order_id",
        amount.alias("amount"),
        (F.col("amount").isNotNull() & amount.isNull()).alias("bad"),
        F.when(~F.isnan("discount"), F.col("discount")).alias("discount"),
    )
    ### END SOLUTION


# %% [markdown] exercise="one_day"
# The shop asks for one day of a million orders. How much of the file has to be read?
#
# Write `one_day(path, day)`. `path` is the path of a Parquet file with the columns of `orders`, and `day` a text like
# `2024-05-05`. It returns a frame with `order_id` (bigint), `city` (string) and `amount_cents` (bigint): one row for each
# order whose `ordered_at` (timestamp) lies on that day in UTC, which is the session's time zone.
#
# - The day begins at midnight, which belongs to it, and ends before the next midnight. Orders whose `ordered_at` is null
#   are left out. A day without orders gives no rows.
# - The condition reaches the reader of the file: the plan's scan lists a comparison of `ordered_at` among its
#   `PushedFilters`.
# - No column is read but the three of the result and `ordered_at`, and no rows are brought to the driver.
# - At most twice as many bytes are read as the reference reads.
#
# `spark.read.parquet(path)` may start a job to look at the schema. Within the function, `SparkSession.getActiveSession()`
# is the session.


# %% answer="one_day"
def one_day(path, day):
    """The orders of one day, read from a Parquet file."""
    ### BEGIN SOLUTION
    session = SparkSession.getActiveSession()
    begin = datetime.date.fromisoformat(day)
    end = begin + datetime.timedelta(days=1)
    at = F.col("ordered_at")
    of_the_day = session.read.parquet(path).where((at >= F.lit(begin)) & (at < F.lit(end)))
    return of_the_day.select("order_id", "city", "amount_cents")
    ### END SOLUTION


# %% [markdown] exercise="label_baskets"
# Each order gets a label for the shelf in the packing room. The program below is correct, and slow: every row travels
# into a Python process and back. Mend it so that the same labels come back, and no row goes through Python.
#
# `label_baskets(orders)` is given a frame with `order_id`, `items`, `amount_cents` (bigint), `discount` (double),
# `courier` and `note` (string). `discount`, `courier` and `note` may be null; `items` is at least 1. It returns
# a frame with `order_id` (bigint) and `label` (string), one row for each order. The label is that of the first rule
# that applies:
#
# 1. `collected`: there is no courier;
# 2. `question`: the note has a question mark in it;
# 3. `bargain`: the discount is 0.3 or more;
# 4. `bulk`: at least 10 items, and less than 2,000 cents an item;
# 5. `large`: 50,000 cents or more;
# 6. `plain`: every other order.
#
# A missing note has no question mark, and a missing discount is none. The function starts no job.


# %% answer="label_baskets"
def label_baskets(orders):
    """A label for each order."""
    ### BEGIN SOLUTION
    per_item = F.col("amount_cents") / F.col("items")
    label = (
        F.when(F.col("courier").isNull(), "collected")
        .when(F.col("note").contains("?"), "question")
        .when(F.col("discount") >= 0.3, "bargain")
        .when((F.col("items") >= 10) & (per_item < 2_000), "bulk")
        .when(F.col("amount_cents") >= 50_000, "large")
        .otherwise("plain")
    )
    return orders.select("order_id", label.alias("label"))
    ### END SOLUTION


# %% given="label_baskets"
def label_baskets(orders):
    """A label for each order."""

    @F.udf("string")
    def label(items, amount_cents, discount, courier, note):
        if courier is None:
            return "collected"
        if note is not None and "?" in note:
            return "question"
        if discount is not None and discount >= 0.3:
            return "bargain"
        if items >= 10 and amount_cents / items < 2_000:
            return "bulk"
        if amount_cents >= 50_000:
            return "large"
        return "plain"

    return orders.select(
        "order_id", label("items", "amount_cents", "discount", "courier", "note").alias("label")
    )


# %% [markdown]
# The next exercise needs a model that scores texts. It is a Python function, and Spark has nothing like it. It is given a
# pandas Series and works on all its texts at once. Run this cell to have one to try things with; the checks bring their
# own.


# %%
def score(texts):
    """A score from -1 to 1 for each text of a Series."""
    if texts.isna().any():
        raise ValueError("the model was given a missing text")
    letters = texts.str.casefold().str.len()
    return (letters % 21 - 10) / 10


# %% [markdown] exercise="score_reviews"
# How glad are the customers? A model scores their reviews.
#
# Write `score_reviews(reviews, score)`. `reviews` is a frame with `order_id` (bigint), `courier` (string) and `review`
# (string, may be null). `score` is a function that is given a pandas Series of texts, none of them missing, and
# returns a Series of floats of the same length, with the same index. The score of a text does not depend on
# the texts beside it. The function returns a frame with one row for each row of `reviews`:
#
# - `order_id` (bigint);
# - `score` (double): the review's score, null where there is no review;
# - `relative` (double): the score less the mean of **all** scores of the frame, null where there is no review. Do not
#   round it.
#
# - Where no row has a review, both columns are null everywhere.
# - The model works on many texts at once: at `small` it is called at most 200 times for some 16,000 reviews, and no plain
#   Python UDF, which is called row by row, is in the plan.
# - The function starts no job.


# %% answer="score_reviews"
def score_reviews(reviews, score):
    """The score of each review, and how far it lies from the mean."""
    ### BEGIN SOLUTION

    @F.pandas_udf("double")
    def scores(texts: pd.Series) -> pd.Series:
        known = texts.dropna()
        return score(known).reindex(texts.index) if len(known) else known.reindex(texts.index)

    scored = reviews.select("order_id", scores("review").alias("score"))
    mean = scored.agg(F.avg("score").alias("mean"))
    return scored.crossJoin(mean).select(
        "order_id", "score", (F.col("score") - F.col("mean")).alias("relative")
    )
    ### END SOLUTION


# %% [markdown] exercise="daily_report"
# Each night three reports are made of the day's clicks. The clicks come out of a parser that is dear: whenever Spark
# computes rows of `events`, the parser runs for them. The program below is correct, and the parser runs over all clicks
# three times. Mend it so that the same reports are saved, and the parser runs **once**.
#
# `daily_report(events, save)` returns nothing. `events` is a frame with `customer_id` (bigint, may be null), `clicked_at`
# (timestamp), `page` (string), `device` (string, may be null), `seconds` (double, may be null) and `line` (string): the
# line of text that was parsed, which is long. `save(name, frame)` is a function that writes a frame at once, as
# `frame.write` does, so it is an action. The reports are those of the program below: three names, and for each the same
# columns and rows.
#
# - Clicks of bots, and those whose device is null, do not count.
# - The parser runs once over each click: over all, at most 1.2 times as many rows as there are.
# - What is kept meanwhile is narrow: at `small`, at most 1.5 MB are in the cache, in memory and on disk together, and at
#   most 0.5 MB is brought to the driver.
# - When the function returns, nothing that it kept is in the cache any more.


# %% answer="daily_report"
def daily_report(events, save):
    """Save three reports of the day's clicks."""
    ### BEGIN SOLUTION
    people = events.where(F.col("device") != "bot")
    kept = people.select(
        "customer_id", F.hour("clicked_at").alias("hour"), "page", "device", "seconds"
    )
    kept.cache()
    pages = kept.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)
    save("devices", kept.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors")))
    save("hours", kept.groupBy("hour").agg(F.count("*").alias("clicks")))
    kept.unpersist()
    ### END SOLUTION


# %% given="daily_report"
def daily_report(events, save):
    """Save three reports of the day's clicks."""
    people = events.where(F.col("device") != "bot")

    pages = people.groupBy("page").agg(
        F.count("*").alias("clicks"), F.sum("seconds").alias("seconds")
    )
    save("pages", pages)

    devices = people.groupBy("device").agg(F.countDistinct("customer_id").alias("visitors"))
    save("devices", devices)

    hours = people.groupBy(F.hour("clicked_at").alias("hour")).agg(F.count("*").alias("clicks"))
    save("hours", hours)


# %% [markdown] exercise="exchanges"
# Before a program runs over a million orders, the shop wants to know how often their rows will be shuffled.
#
# Write `exchanges(steps)`. `steps` is a list of dictionaries that describe what is done to a frame, one step after the
# other. It returns a whole number: the number of shuffles (`Exchange`) in the plan. The frame comes from a file, so in
# the beginning its rows lie in no order that Spark knows of. The steps are
#
# | `step["do"]` | what is done | options |
# |---|---|---|
# | `"where"`, `"select"` | rows, or columns, are kept; those that later steps need stay | |
# | `"group"` | `groupBy(*by)` with a sum over all number columns | `"by"` |
# | `"window"` | a sum over `Window.partitionBy(*by)`, as one more column | `"by"` |
# | `"join"` | an inner or a left join on the columns `by` with another file; with `"small"` true that file is broadcast, else no side is | `"by"`, `"small"` |
# | `"repartition"` | `repartition(8)` | |
# | `"order"` | `orderBy(*by)`; only as the last step | `"by"` |
#
# - `by` is a list of one to three column names in alphabetical order. There is at most one window and at most one
#   repartition in a program.
# - The rules stand in the chapter's section *Counting shuffles*. A broadcast is not a shuffle.
# - Without steps the number is 0.


# %% answer="exchanges"
def exchanges(steps):
    """The number of shuffles in the plan of a described program."""
    ### BEGIN SOLUTION
    found, lies_by = 0, None  # the columns by whose values the rows are spread over partitions
    for step in steps:
        do, by = step["do"], set(step.get("by", ()))
        if do in {"group", "window"} and not (lies_by and lies_by <= by):
            found, lies_by = found + 1, by
        elif do == "join" and not step["small"]:
            found += 1 if lies_by == by else 2  # the other side, and this one unless it fits
            lies_by = by
        elif do in {"repartition", "order"}:
            found, lies_by = found + 1, None
    return found
    ### END SOLUTION
