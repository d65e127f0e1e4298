# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Start here
#
# This notebook has one exercise. It is here so that you meet every outcome of a check before one matters. It goes
# with the chapter *Start here* of the book.
#
# How to work, here and in all other notebooks:
#
# 1. Run the first cells. The second starts Spark, which takes a few seconds.
# 2. Write your answer in the cell of an exercise, in place of the line that raises `NotImplementedError`. Run it.
# 3. Run the cell below it, `check(...)`. It calls your function on data of several sizes and says what came back.
# 4. Stuck? `hint(first_answer)` gives a hint, and a further one each time you ask. After a check has passed,
#    `solution(first_answer)` shows how the course does it.
#
# You may add cells. `shop.describe("orders")` says what the columns of a table mean.

# %% tags=["setup"]
import shop
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from autograder import check, hint, predict, progress, solution, watched

# %% tags=["setup"]
spark = SparkSession.builder.getOrCreate()

# %%
progress("start_here")

# %% [markdown]
# These are a thousand orders, as Spark has them. The cell prints types and no rows: nothing was read yet.

# %%
some = spark.createDataFrame(
    shop.load("orders", "tiny", columns=["order_id", "city", "amount_cents"])
)
print(some)

# %% [markdown]
# **Predict before you run.** The next cell but one groups these orders by city and counts them, and prints only a
# number. How many jobs will Spark have run for the grouping? Write your number in place of `...`, run the cell, then
# run the next one.

# %%
predict("jobs_of_a_group_by", ...)

# %%
with watched() as run:
    grouped = some.groupBy("city").count()
print(run.jobs)

# %% [markdown] exercise="first_answer"
# How many orders came from each city?
#
# Write `first_answer(orders)`. `orders` is a Spark DataFrame with the columns `order_id` (whole number), `customer_id`
# (whole number; missing where a guest ordered), `city` (text; may be missing) and `amount_cents` (whole number). It
# returns a Spark DataFrame with two columns: `city` and `orders`, the number of orders from that city, a whole number.
#
# - Orders without a city do not count, and make no row.
# - Every row is an order. Two rows that are alike count as two.
# - Names are compared letter by letter: `Graz` and `graz` are two cities.
# - The rows of the answer may come in any order. Without an order, or without a city, it has no rows.
# - The function starts no Spark job: it returns a plan, and the check asks for the rows.
#
# Do it in five steps, and read what the check says after each.
#
# 1. Run the check below before you write anything. It says *not attempted*.
# 2. Put `return orders.groupBy("town").count()` in place of the line that raises, run the cell, then the check. There
#    is no column `town`: you see an **error**, with the line of yours in which it arose.
# 3. Now `return orders.groupBy("city").agg(F.count("*").alias("orders"))`. It runs, and the check has **failed**: you
#    see the rows that differ, and which idea may be behind them.
# 4. Write your own. If you want help, run `hint(first_answer)` in a cell of its own.
# 5. When the check has **passed**, run `solution(first_answer)`, and compare.


# %% answer="first_answer"
def first_answer(orders):
    """How many orders came from each city, as a plan."""
    ### BEGIN SOLUTION
    known = orders.where(F.col("city").isNotNull())
    return known.groupBy("city").agg(F.count("*").alias("orders"))
    ### END SOLUTION
