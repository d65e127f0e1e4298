# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The memory wall
#
# Last night's report died. In this notebook you find out what a frame weighs, how to make it lighter, and how to
# get the same answers from a file that does not fit. It goes with the chapter *The memory wall* of the book;
# each report of a check names the section to read.
#
# How to work:
#
# 1. Run the first cell.
# 2. Write your answer in the cell of an exercise, in place of the line that raises `NotImplementedError`. Run it.
# 3. Run the cell below it, `check(...)`. It calls your function on data of several sizes and says what came back.
#    Checks with a memory budget run in a process of their own, so hitting the wall costs you nothing.
# 4. Stuck? `hint(shrink)` gives a hint, and a further one each time you ask. After a check has passed,
#    `solution(shrink)` shows how the course does it.
#
# You may add cells. `shop.load("orders", "tiny")` gives you a thousand orders to look at, and
# `shop.describe("orders")` says what the columns mean. Money is in whole cents. The first six exercises are the
# core; the last two are a stretch.

# %% tags=["setup"]
import pandas as pd
import shop

from autograder import check, hint, predict, progress, solution

# %%
progress("memory_wall")

# %%
shop.load("orders", "tiny").head()

# %% [markdown]
# **Predict before you run.** Two frames are joined on `key`. On the left the key `"a"` stands three times, on the
# right four times, and each frame has one more row with a missing key. How many rows has the inner join in pandas?
# Write your number in place of `...`, run the cell, then run the next one.

# %%
predict("rows_of_a_join", ...)

# %%
left = pd.DataFrame({"key": ["a", "a", "a", None]})
right = pd.DataFrame({"key": ["a", "a", "a", "a", None]})
len(left.merge(right, on="key", how="inner"))

# %% [markdown] exercise="frame_bytes"
# The shop wants to know what a table will weigh in memory before anyone loads it.
#
# Complete `frame_bytes(schema, rows)`. It returns the bytes that the columns of a pandas frame with `rows`
# rows will take, without the index, as an `int`.
#
# - `schema` maps column names to dtypes: `int8`, `int16`, `int32`, `int64`, `float32`, `float64`, `bool`,
#   `datetime64[ns]`, or `category[n]`.
# - `category[n]` is a category column with `n` different values, all of them 8-byte integers. Count the
#   codes and the categories. Being within 10 % is enough, for pandas keeps a little more besides.
# - An empty schema weighs nothing. With no rows, a category column still keeps its categories.
#
# The frame may have a billion rows, so compute the size; do not build the frame. The function may add at most
# 40 MiB of memory.


# %% answer="frame_bytes"
def frame_bytes(schema: dict[str, str], rows: int) -> int:
    """Bytes of a frame's columns, from their dtypes and the number of rows."""
    width = {"bool": 1, "datetime64[ns]": 8}
    total = 0
    for dtype in schema.values():
        if dtype.startswith("category"):
            categories = int(dtype.removeprefix("category[").removesuffix("]"))
            ### BEGIN SOLUTION
            code = 1 if categories <= 126 else 2 if categories <= 32_766 else 4
            total += rows * code + categories * 8
            ### END SOLUTION
        elif dtype in width:
            total += rows * width[dtype]
        else:
            ### BEGIN SOLUTION
            bits = int("".join(letter for letter in dtype if letter.isdigit()))
            total += rows * bits // 8
            ### END SOLUTION
    return total


# %% [markdown] exercise="shrink"
# The analysts keep all orders in one frame, and the frame is too heavy.
#
# Write `shrink(orders)`. It returns a frame with the same columns, in the same order of rows, with the same
# values, in fewer bytes: **at most 70 bytes a row** at `small`, as `memory_usage(index=False, deep=True)`
# counts them.
#
# `orders` has the columns `order_id`, `customer_id`, `city`, `status`, `payment`, `courier`, `items`,
# `amount_cents`, `discount`, `gift` and `tracking`, as `shop.load("orders")` gives them.
#
# - The same values means: nothing rounded, nothing wrapped around, and what is missing stays missing. Types may
#   change: a category, a nullable integer or an Arrow string equals the value that it holds.
# - Choose types by the values that are there, since ids and amounts may be large.
# - A frame without rows, and a column without any value, come back as such.
# - The frame that is passed in stays as it is.


# %% answer="shrink"
def shrink(orders: pd.DataFrame) -> pd.DataFrame:
    """The same rows and values, in smaller types."""
    ### BEGIN SOLUTION
    small = orders.astype(
        {
            "city": "category",
            "status": "category",
            "payment": "category",
            "courier": "category",
            "tracking": "string[pyarrow]",
            "customer_id": "Int32",
        }
    )
    for name in ("order_id", "items", "amount_cents"):
        small[name] = pd.to_numeric(small[name], downcast="integer")
    return small
    ### END SOLUTION


# %% [markdown] exercise="load_needed"
# For a chart, an analyst needs two of the fourteen columns of the orders.
#
# Write `load_needed(path)`. `path` names a CSV file of orders. It returns a frame with the columns `city`, of
# type `category`, and `amount_cents`, of type `int64`, with all rows, in the file's order.
#
# - An order without a city stays, with its city missing.
# - The columns of the file may stand in any order. A file with a header and no rows gives a frame with no rows.
# - With the million orders of `medium`, a file of about 150 MB, the call may add **at most 140 MiB** of memory.


# %% answer="load_needed"
def load_needed(path: str) -> pd.DataFrame:
    """City and amount of every order in the file."""
    ### BEGIN SOLUTION
    types = {"city": "category", "amount_cents": "int64"}
    return pd.read_csv(path, usecols=list(types), dtype=types)
    ### END SOLUTION


# %% [markdown] exercise="mean_value_by_city"
# The shop wants the mean value of an order, city by city. The file is larger than the memory that you may use, so
# it has to be read in chunks.
#
# Write `mean_value_by_city(path, chunk_rows)`. `path` names a CSV file of orders, and `chunk_rows` is the number
# of rows to read at a time. It returns a frame with one row per city, in any order, and the columns
#
# - `city`: text,
# - `orders`: the number of the city's orders, a whole number,
# - `mean_cents`: the mean of their `amount_cents`, a float. Do not round it.
#
# The answer must be the same for every `chunk_rows`, also where it does not divide the number of rows.
#
# - Orders without a city do not count. `amount_cents` is never missing.
# - A city counts in full, however few chunks it occurs in.
# - From a file with a header and no rows, no rows come back.
# - With the million orders of `medium` and 10,000 rows at a time, the call may add **at most 130 MiB** of memory.


# %% answer="mean_value_by_city"
def mean_value_by_city(path: str, chunk_rows: int) -> pd.DataFrame:
    """Orders and mean amount in cents per city, never holding more than one chunk of rows."""
    ### BEGIN SOLUTION
    parts = []
    for chunk in pd.read_csv(path, usecols=["city", "amount_cents"], chunksize=chunk_rows):
        parts.append(chunk.groupby("city")["amount_cents"].agg(orders="size", cents="sum"))
    total = pd.concat(parts).groupby("city").sum()
    total["mean_cents"] = total["cents"] / total["orders"]
    return total[["orders", "mean_cents"]].reset_index()
    ### END SOLUTION


# %% [markdown] exercise="biggest_customers"
# The shop sends a card to the customers who brought the most revenue.
#
# Write `biggest_customers(path, n, chunk_rows)`. `path` names a CSV file of orders, and `chunk_rows` is the
# number of rows to read at a time. It returns a frame with the columns `customer_id` and `revenue_cents`, both
# whole numbers: the `n` customers with the largest sum of `amount_cents`, exactly.
#
# - The largest revenue comes first. Of customers with the same revenue, the smaller `customer_id` comes first.
# - An order without a `customer_id` is a guest's and counts for nobody.
# - Where there are fewer than `n` customers, all of them come back; from a file without rows, none.
# - Sums are exact to the cent, also when they are large.
# - With the million orders of `medium` and 20,000 rows at a time, the call may add **at most 150 MiB** of
#   memory.


# %% answer="biggest_customers"
def biggest_customers(path: str, n: int, chunk_rows: int) -> pd.DataFrame:
    """The n customers with the largest revenue, read in chunks."""
    ### BEGIN SOLUTION
    total = pd.Series(dtype="int64")
    columns = ["customer_id", "amount_cents"]
    for chunk in pd.read_csv(path, usecols=columns, chunksize=chunk_rows):
        sums = chunk.groupby("customer_id")["amount_cents"].sum()
        total = total.add(sums, fill_value=0).astype("int64")
    best = total.rename_axis("customer_id").reset_index(name="revenue_cents")
    best = best.sort_values(["revenue_cents", "customer_id"], ascending=[False, True])
    return best.head(n).astype({"customer_id": "int64"})
    ### END SOLUTION


# %% [markdown] exercise="join_rows"
# Last night's report died in a join. Before the next one starts, the shop wants to know how many rows it will
# have.
#
# Write `join_rows(left, right, how)`. `left` and `right` are the key columns of two frames, as Series of the
# same kind of values, and `how` is `"inner"`, `"left"`, `"right"` or `"outer"`. It returns, as an `int`, the
# exact number of rows that pandas' `merge` on these keys would give.
#
# - Keys may repeat on both sides, and either side may be empty.
# - Keys may be missing. pandas joins a missing key to a missing key, and so counts them like any other key.
# - Do not make the join: it may have more rows than any machine holds. With 300,000 keys on each side the call
#   may add **at most 160 MiB** of memory.


# %% answer="join_rows"
def join_rows(left: pd.Series, right: pd.Series, how: str) -> int:
    """The number of rows of a join on these keys, without making it."""
    ### BEGIN SOLUTION
    one = left.value_counts(dropna=False)
    other = right.value_counts(dropna=False)
    shared = one.index.intersection(other.index)
    rows = sum(int(one[key]) * int(other[key]) for key in shared)
    if how in ("left", "outer"):
        rows += int(one.drop(shared).sum())
    if how in ("right", "outer"):
        rows += int(other.drop(shared).sum())
    return rows
    ### END SOLUTION


# %% [markdown] exercise="report"
# This is the report that died last night. It is correct, and it is wasteful: on a small shop it comes back, on a
# million orders it does not. Mend it so that the same rows come back within its budget.
#
# `report(orders, customers)` returns one row per `segment`, in any order, with the columns
#
# - `segment`: text,
# - `customers`: how many different customers of the segment have ordered,
# - `addresses`: how many different pairs of a customer and a delivery `city` there are; an order without a city
#   has no address,
# - `orders` and `revenue_cents`: the number of orders and the sum of their `amount_cents`.
#
# `orders` has the columns `order_id`, `customer_id`, `city`, `amount_cents` and `tracking`; `customers` has
# `customer_id`, `name`, `email` and `segment`, a category.
#
# - Some customers are listed several times, always with the same values. They are one customer.
# - Orders of guests (no `customer_id`), and of customers who are not listed, do not count.
# - A segment without orders does not appear. Without orders at all, no rows come back.
# - With the million orders of `medium` the call may add **at most 200 MiB** of memory to what its arguments take.


# %% answer="report"
def report(orders: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Customers, addresses, orders and revenue of each segment."""
    ### BEGIN SOLUTION
    known = customers[["customer_id", "segment"]].drop_duplicates()
    sold = orders[["customer_id", "city", "amount_cents"]].merge(known, on="customer_id")
    by_segment = sold.groupby("segment", observed=True)
    answer = by_segment.agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    pairs = sold[["segment", "customer_id", "city"]].dropna().drop_duplicates()
    addresses = pairs.groupby("segment", observed=True).size()
    answer["addresses"] = addresses.reindex(answer.index, fill_value=0)
    return answer.reset_index().astype({"segment": "object"})
    ### END SOLUTION


# %% given="report"
def report(orders: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Customers, addresses, orders and revenue of each segment."""
    everything = orders.merge(customers, on="customer_id", how="inner")
    everything = everything.drop_duplicates()  # repeated customers have repeated their orders
    everything["customer_id"] = everything["customer_id"].astype("category")
    everything["city"] = everything["city"].astype("category")
    pairs = everything.groupby(["segment", "customer_id", "city"], observed=False).size()
    pairs = pairs[pairs > 0].reset_index()

    answer = everything.groupby("segment", observed=False).agg(
        customers=("customer_id", "nunique"),
        orders=("amount_cents", "size"),
        revenue_cents=("amount_cents", "sum"),
    )
    answer["addresses"] = pairs.groupby("segment", observed=False).size()
    answer = answer[answer["orders"] > 0].reset_index()
    return answer.astype({"segment": "object"})


# %% [markdown] exercise="survive"
# The shop's machines are small, and no two are alike. The report has to come out on all of them.
#
# Write `survive(path, budget_mb)`. `path` names a CSV file of orders, and `budget_mb` is the memory in MiB that the
# call may add on this machine. It returns a frame with one row per month and payment, in any order, and the
# columns
#
# - `month`: text, the year and month of `ordered_at` as in `2025-02`, in UTC, as the file has it,
# - `payment`: text,
# - `orders` and `revenue_cents`: the number of orders and the sum of their `amount_cents`, whole numbers.
#
# - None of the three columns is ever missing. A month and payment without orders does not appear, and from a file
#   without rows no rows come back.
# - By which means is up to you: chunks, Arrow, or plain Python.
# - It is called with the million orders of `medium`, a file of about 150 MB, under real budgets of **400, 200 and
#   100 MiB**. The answer is the same under each, and complete.


# %% answer="survive"
def survive(path: str, budget_mb: int) -> pd.DataFrame:
    """Orders and revenue by month and payment, within any budget."""
    ### BEGIN SOLUTION
    rows = max(2_000, 50 * budget_mb)
    columns = ["ordered_at", "payment", "amount_cents"]
    parts = []
    for chunk in pd.read_csv(path, usecols=columns, chunksize=rows):
        month = chunk["ordered_at"].str[:7].rename("month")
        sums = chunk.groupby([month, "payment"])["amount_cents"]
        parts.append(sums.agg(orders="size", revenue_cents="sum"))
    return pd.concat(parts).groupby(["month", "payment"]).sum().reset_index()
    ### END SOLUTION
