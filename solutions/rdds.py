# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # RDDs
#
# A thousand tills each know a part of the day. In this notebook you make one number of many parts, without ever
# bringing the parts together in one place. It goes with the chapter *RDDs* of the book; each report of a check
# names the section to read.
#
# How to work:
#
# 1. Run the first cells. The second starts Spark, which takes a few seconds.
# 2. Write your answer in the cell of an exercise, in place of the line that raises `NotImplementedError`. Run it.
# 3. Run the cell below it, `check(...)`. It calls your function on RDDs of several sizes, cut into different
#    numbers of partitions, and says what came back.
# 4. Stuck? `hint(mean_basket)` gives a hint, and a further one each time you ask. After a check has passed,
#    `solution(mean_basket)` shows how the course does it.
#
# To try something, make an RDD of your own: `sc.parallelize([("Graz", 5), ("Wels", 7)], 3)` has three partitions.
# `with watched() as run:` around an action tells what Spark did. Money is in whole cents.
#
# Three things hold for every exercise. The elements of an RDD that you return may come in any order and in any number
# of partitions. Where an exercise says that the function starts no job, it ends before Spark has done any work. And
# an input RDD may be empty, or have partitions that are. The first six exercises are the core; the last two are a
# stretch.

# %% tags=["setup"]
from itertools import pairwise

import shop
from pyspark.sql import SparkSession

from autograder import check, hint, predict, progress, solution, watched

# %% tags=["setup"]
spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext

# %%
progress("rdds")

# %% [markdown]
# **Predict before you run.** Four numbers lie in four partitions. `fold(1, add)` adds them up, beginning with 1.
# What comes back? Write your number in place of `...`, run the cell, then run the next one.

# %%
predict("a_fold_that_begins_with_one", ...)

# %%
sc.parallelize([1, 2, 3, 4], 4).fold(1, lambda a, b: a + b)

# %% [markdown] exercise="parse_clicks"
# The web shop writes one line of text for each click. A few lines are broken, and one broken line must not end the
# night's job.
#
# Complete `parse_clicks(lines)`. `lines` is an RDD of texts like `17,4982,product,58.8`. It returns an RDD of tuples
# `(click_id, customer_id, page, seconds)`, one for each good line.
#
# - A good line has exactly four fields, with a comma between them.
# - `click_id` is a whole number and becomes an `int`.
# - `customer_id` is a whole number and becomes an `int`; an empty field becomes `None`.
# - `page` is a text and stays as it is.
# - `seconds` is a number and becomes a `float`; an empty field becomes `None`.
# - Every other line is broken, an empty one too: it is left out. A line that stands there twice is two clicks.
# - Numbers are written plainly: signs, spaces, exponents and words such as `nan` do not occur in them.
# - The function starts no job.
#
# Most of it is written. Turn the four fields into a tuple, and give every line to `parse`.


# %% answer="parse_clicks"
def parse_clicks(lines):
    """The good lines as tuples (click_id, customer_id, page, seconds)."""

    def parse(line):
        """A list with the line's click; an empty list where the line is broken."""
        fields = line.split(",")
        if len(fields) != 4:
            return []
        click_id, customer_id, page, seconds = fields
        try:
            ### BEGIN SOLUTION
            who = int(customer_id) if customer_id else None
            open_for = float(seconds) if seconds else None
            return [(int(click_id), who, page, open_for)]
            ### END SOLUTION
        except ValueError:  # a word where a number should be
            return []

    ### BEGIN SOLUTION
    return lines.flatMap(parse)
    ### END SOLUTION


# %% [markdown] exercise="revenue_by_city"
# How much did each city bring?
#
# Complete `revenue_by_city(orders)`. `orders` is an RDD of pairs `(city, amount_cents)`: a text or `None`, and a whole
# number. It returns an RDD of pairs `(city, revenue_cents)`, one for each city: the sum of its amounts, a whole number
# of cents, exact to the cent.
#
# - Orders without a city (`None`) do not count. That line is written.
# - Pairs that are alike are different orders, and each counts.
# - From an RDD without orders, or without a city, no pairs come back.
# - The orders stay where they are: with the 100,000 orders of `small` in 8 partitions, the function may bring **at most
#   100 KB** to the driver, and shuffles may write **at most 150 KB**.


# %% answer="revenue_by_city"
def revenue_by_city(orders):
    """The sum of the amounts of each city."""
    known = orders.filter(lambda order: order[0] is not None)

    def add(one, other):
        """Two sums of a city, or a sum and an amount, made one."""
        ### BEGIN SOLUTION
        return one + other
        ### END SOLUTION

    ### BEGIN SOLUTION
    return known.reduceByKey(add)
    ### END SOLUTION


# %% [markdown] exercise="mean_basket"
# What is an order worth on average, city by city?
#
# Write `mean_basket(orders)`. `orders` is an RDD of pairs `(city, amount_cents)`: a text or `None`, and a whole number.
# It returns an RDD of pairs `(city, mean_cents)`, one for each city: the mean of its amounts, a float. Do not round it.
#
# - The mean is the same however the orders are spread over partitions.
# - Orders without a city (`None`) do not count. Pairs that are alike are different orders, and each counts.
# - From an RDD without orders, or without a city, no pairs come back.
# - The orders stay where they are: with the 100,000 orders of `small` in 8 partitions, the function may bring **at most
#   100 KB** to the driver, and shuffles may write **at most 150 KB**.


# %% answer="mean_basket"
def mean_basket(orders):
    """The mean amount of each city's orders."""
    ### BEGIN SOLUTION
    known = orders.filter(lambda order: order[0] is not None)
    sums = known.mapValues(lambda cents: (cents, 1))
    totals = sums.reduceByKey(lambda one, other: (one[0] + other[0], one[1] + other[1]))
    return totals.mapValues(lambda total: total[0] / total[1])
    ### END SOLUTION


# %% [markdown] exercise="total_with_start"
# The day begins with some money in the safe. The tills' takings come on top.
#
# Write `total_with_start(numbers, start)`. `numbers` is an RDD of whole numbers, positive or negative, and `start` is a
# whole number. It returns a whole number: `start`, once, plus all the numbers.
#
# - The total is the same for every number of partitions.
# - Numbers that are alike all count. Of an RDD without numbers the total is `start`.
# - The numbers stay where they are: with the 100,000 numbers of `small`, the function may bring **at most 60 KB** to the
#   driver.


# %% answer="total_with_start"
def total_with_start(numbers, start):
    """The start, once, plus the sum of the numbers."""
    ### BEGIN SOLUTION
    return start + numbers.fold(0, lambda one, other: one + other)
    ### END SOLUTION


# %% [markdown] exercise="bad_lines"
# Each till sends lines of text like `417;2350`: its number, and an amount in cents. Some lines arrive broken. The shop
# wants the good records, and the number of the broken lines.
#
# Write `bad_lines(lines)`. `lines` is an RDD of texts. It returns two things, in this order:
#
# 1. an RDD of pairs `(till, cents)`, both `int`, one for each good line;
# 2. a function without arguments. Each call of it returns the number of the broken lines, as an `int`.
#
# - A good line has exactly two fields, with a semicolon between them, and both are whole numbers. Every other line is
#   broken, an empty one too. Signs and spaces do not occur in the numbers. Lines that are alike each count.
# - The number is right whenever the function is called: before the RDD was used, after it was used once, and
#   after it was used three times. A second call gives the same number as the first.
# - The lines stay where they are: in the call of the function, a task may bring **at most 20 KB** to the driver, however
#   many lines are broken.
#
# Calling the function may start a job. Calling `bad_lines` itself may, too, but need not.


# %% answer="bad_lines"
def bad_lines(lines):
    """The good lines as pairs, and a function that counts the broken ones."""
    ### BEGIN SOLUTION

    def parse(line):
        try:
            till, cents = line.split(";")
            return [(int(till), int(cents))]
        except ValueError:  # too few fields, too many, or a word where a number should be
            return []

    def how_many():
        return lines.filter(lambda line: not parse(line)).count()

    return lines.flatMap(parse), how_many
    ### END SOLUTION


# %% [markdown] exercise="with_names"
# For the parcels' labels, each order needs its customer's name. The names fit into a dictionary. The orders do not.
#
# Write `with_names(orders, names)`. `orders` is an RDD of pairs `(order_id, customer_id)`: a whole number, and a whole
# number or `None`. `names` is a dictionary from `customer_id` to the name, a text. It returns an RDD of pairs
# `(order_id, name)`, one for each order.
#
# - A guest's order (`customer_id` is `None`), and one of a customer who is not in `names`, has the name `None`.
# - Orders that are alike are each labelled. From an RDD without orders no pairs come back.
# - No rows are shuffled.
# - The dictionary must not travel inside the function that each task is sent. With the 10,000 names of `small`, that
#   function may have **at most 20 KB** when it is serialized.


# %% answer="with_names"
def with_names(orders, names):
    """Each order with the name of its customer."""
    ### BEGIN SOLUTION
    everywhere = orders.context.broadcast(names)
    return orders.mapValues(lambda customer_id: everywhere.value.get(customer_id))
    ### END SOLUTION


# %% [markdown]
# The next exercise needs a list of known bots. It has to be opened, and a list that is open stays in the process that
# opened it: it cannot be sent to another. Run this cell to have one to try things with.


# %%
class BotList:
    """An open list of bots, as the checks have one, too."""

    def has(self, user_agent):
        return "bot" in user_agent

    def __reduce__(self):
        raise TypeError("a list of bots that is open cannot be sent to another process")


def open_bots():
    return BotList()


# %% [markdown] exercise="sessions"
# A visit, or session, is a run of clicks of one customer without a long break. The program below counts them. It is
# correct, and it is slow: it opens the list of bots once for every click. Mend it so that the same pairs come back, and
# the list is opened **once for each partition** of the clicks.
#
# `sessions(clicks, gap_s, open_bots)` returns an RDD of pairs `(customer_id, sessions)`, both `int`, one for each
# customer who has a click that counts.
#
# - `clicks` is an RDD of tuples `(customer_id, second, user_agent)`: a whole number or `None`, a whole number of
#   seconds, and a text. They come in no order, and the clicks of a customer may lie in several partitions.
# - Clicks without a customer do not count, nor do clicks of bots.
# - A customer's click begins a new session where it comes **more than** `gap_s` seconds after the click before. Clicks
#   in the same second, and a click that is there twice, belong to one session.
# - `open_bots()` opens the list and returns it; `bots.has(user_agent)` tells whether that is a bot. An open list
#   cannot be sent from one process to another.
# - Where there are no clicks, no pairs come back.
# - The check allows four openings for each partition, for Spark may compute a partition again.


# %% answer="sessions"
def sessions(clicks, gap_s, open_bots):
    """The number of sessions of each customer."""
    ### BEGIN SOLUTION

    def of_people(part):
        bots = open_bots()
        for customer_id, second, user_agent in part:
            if customer_id is not None and not bots.has(user_agent):
                yield customer_id, second

    def count(seconds):
        times = sorted(seconds)
        breaks = [later - earlier > gap_s for earlier, later in pairwise(times)]
        return 1 + sum(breaks)

    return clicks.mapPartitions(of_people).groupByKey().mapValues(count)
    ### END SOLUTION


# %% given="sessions"
def sessions(clicks, gap_s, open_bots):
    """The number of sessions of each customer."""

    def counts(click):
        customer_id, _, user_agent = click
        bots = open_bots()
        return customer_id is not None and not bots.has(user_agent)

    def count(seconds):
        times = sorted(seconds)
        breaks = [later - earlier > gap_s for earlier, later in pairwise(times)]
        return 1 + sum(breaks)

    people = clicks.filter(counts)
    return people.map(lambda click: (click[0], click[1])).groupByKey().mapValues(count)


# %% [markdown] exercise="partition_sizes"
# Before a shuffle is run, the shop wants to know which partition will be the last to finish.
#
# Write `partition_sizes(keys, n)`. `keys` is a list with the key of each row: whole numbers from 0 on, or `None`. The
# rows are shuffled by key into `n` partitions, as `partitionBy(n)` and `reduceByKey` do it: the row of key `k` goes into
# partition `k % n`, and a row whose key is `None` goes into partition 0. It returns a dictionary with
#
# - `"sizes"`: a list of `n` whole numbers, the rows in partition 0, 1, ..., `n - 1` after the shuffle;
# - `"slowdown"`: a float. Each row takes the same time, and all partitions are worked on at once. How many times
#   as long does the largest partition take as it would if the rows were spread evenly? An even spread may give parts
#   of a row: 3 rows over 2 partitions are 1.5 each.
#
# - Keys repeat, and each is a row. Nothing is combined before the shuffle.
# - Partitions without rows are listed with 0. Without any rows, `"slowdown"` is 1.0.


# %% answer="partition_sizes"
def partition_sizes(keys, n):
    """Rows in each partition after a shuffle by key, and what the largest costs."""
    ### BEGIN SOLUTION
    sizes = [0] * n
    for key in keys:
        sizes[0 if key is None else key % n] += 1
    slowdown = max(sizes) * n / len(keys) if keys else 1.0
    return {"sizes": sizes, "slowdown": slowdown}
    ### END SOLUTION
