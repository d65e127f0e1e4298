# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Prefect
#
# Nobody wants to start the shop's report by hand at four in the morning. In this notebook you write flows that
# fetch, compute and write by themselves, try again where that helps, and say so where it does not. It goes with the
# chapter *Who runs it when I sleep?* of the book; each report of a check names the section to read.
#
# How to work:
#
# 1. Run the first cells.
# 2. Write your answer in the cell of an exercise, in place of the line that raises `NotImplementedError`. Run it.
# 3. Run the cell below it, `check(...)`. It runs your flow against a Prefect server of its own, with sources and
#    sinks that fail on cue, and reads from the server what became of it. The first check starts that server, which
#    takes a few seconds.
# 4. Stuck? `hint(make_flow)` gives a hint, and a further one each time you ask. After a check has passed,
#    `solution(make_flow)` shows how the course does it.
#
# Every exercise asks for a function that **returns a flow** (one asks for a deployment). What the flow reads from and
# writes to is handed to your function: a `source` and a `sink`. Use them while the flow runs, and not before: in its
# tasks, where nothing else is said. The first six exercises are the core; the last two are a stretch.

# %% tags=["setup"]
from autograder import check, hint, predict, progress, solution

# %%
progress("workflows")

# %% tags=["setup"]
import datetime
import json

from prefect import flow, task

# %% [markdown]
# Here are a source and a sink to try your flows on. Those of the checks have the same methods, and count.


# %%
class Till:
    """Gives the orders of a day. The first `fails` calls fail."""

    def __init__(self, fails=0):
        self.fails = fails

    def fetch(self, day=None):
        if self.fails > 0:
            self.fails -= 1
            raise ConnectionError("the till does not answer")
        return [
            {"order_id": 1, "city": "Graz", "amount_cents": 1250},
            {"order_id": 2, "city": None, "amount_cents": 300},
            {"order_id": 3, "city": "Graz", "amount_cents": 999},
        ]


class Printer:
    """Prints what it is given."""

    def announce(self):
        print("the night begins")

    def write(self, *what):
        print("written:", *what)


# %% [markdown]
# **Predict before you run.** A task that raises each time has `retries=2`. How often does its body run?
# Write your number in place of `...`, run the cell, then run the next one. Prefect says much, and in red, of a task
# that fails: what counts is the pair in the last line, the runs of the body and the state of the flow.

# %%
predict("runs_of_a_body", ...)

# %%
counted = []


@task(retries=2)
def stubborn():
    counted.append(1)
    raise ConnectionError("no")


@flow
def try_it():
    stubborn()


state = try_it(return_state=True)
len(counted), state.type.value

# %% [markdown] exercise="make_flow"
# A first flow: fetch the orders of a day, add them up, write the report.
#
# Complete `make_flow(source, sink)`. It returns a flow with one parameter, `day`, a `datetime.date`. A run of the
# flow runs three tasks, once each, in this order:
#
# - `extract(day)` returns `source.fetch(day)`, a list of orders. An order is a dictionary with `order_id`, `city`
#   and `amount_cents`;
# - `transform(orders)` returns the revenue by city: a dictionary from each city to the sum of its `amount_cents`, an
#   `int`;
# - `load(day, totals)` calls `sink.write(day, totals)`.
#
# - `city` may be `None`. Such orders are left out. Where no order is left, the empty dictionary is written.
# - Nothing is fetched before the flow runs.
# - A `day` that is no date is refused before any task runs.


# %% answer="make_flow"
def make_flow(source, sink):
    """A flow that writes the revenue by city of one day."""

    @task
    def extract(day):
        return source.fetch(day)

    @task
    def transform(orders):
        totals = {}
        for order in orders:
            ### BEGIN SOLUTION
            if order["city"] is not None:
                before = totals.get(order["city"], 0)
                totals[order["city"]] = before + order["amount_cents"]
            ### END SOLUTION
        return totals

    @task
    def load(day, totals):
        sink.write(day, totals)

    ### BEGIN SOLUTION
    @flow
    def daily_report(day: datetime.date):
        orders = extract(day)
        load(day, transform(orders))
        ### END SOLUTION

    return daily_report


# %% [markdown] exercise="patient"
# The till does not always answer at once.
#
# Complete `patient(source, sink, delay)`. It returns a flow without parameters. A run of it runs three tasks, in this
# order: `announce()` calls `sink.announce()`, which rings the owner's phone; `extract()` returns `source.fetch()`, a
# list; `load(orders)` calls `sink.write(orders)`.
#
# - When `extract` fails it is tried up to **3 more times**, with `delay` seconds between the tries (a number, at
#   most 0.2). Prefect does that, so that the tries are seen in the states of the one task run.
# - When the source raises a `LookupError`, the day does not exist. Trying again is no use, and is not done.
# - `announce` and `load` are never tried again, and the owner's phone rings once.
# - Where `extract` or `load` fails for good, the run ends FAILED.


# %% answer="patient"
def patient(source, sink, delay):
    """A flow that is patient with its source, and with nothing else."""

    def worth_it(task, task_run, state):
        """Whether another try may help."""
        ### BEGIN SOLUTION
        error = state.result(raise_on_failure=False)
        return not isinstance(error, LookupError)
        ### END SOLUTION

    @task
    def announce():
        sink.announce()

    ### BEGIN SOLUTION
    @task(retries=3, retry_delay_seconds=delay, retry_condition_fn=worth_it)
    ### END SOLUTION
    def extract():
        return source.fetch()

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def patient_report():
        announce()
        load(extract())

    return patient_report


# %% [markdown] exercise="morning_report"
# Every morning the owner looks whether last night's run is green. This flow is right on a good night, and green on
# every night. Mend it, so that green means good.
#
# `morning_report(source, sink)` returns a flow without parameters. A run fetches `source.orders()` and
# `source.reviews()`, two lists, in two tasks. Then a task calls `sink.write(report)`, where `report` is the
# dictionary `{"orders": number of orders, "reviews": number of reviews}`.
#
# - The orders are needed. Where they cannot be fetched, the run ends FAILED and nothing is written.
# - The reviews are optional. Where they cannot be fetched, the report is written with `"reviews": None`, **one
#   artifact** says so (any kind; `create_markdown_artifact` is one), and the run ends COMPLETED. The task that fetched
#   them ends FAILED all the same, so that it can be seen.
# - An empty list of reviews is no failure: its number is 0, and there is no artifact. On a good night there is none
#   either.
# - Where `sink.write` fails, the run ends FAILED.
# - Nothing is tried again.


# %% answer="morning_report"
def morning_report(source, sink):
    """A flow whose final state says whether the report can be used."""
    ### BEGIN SOLUTION
    from prefect.artifacts import create_markdown_artifact

    @task
    def get_orders():
        return source.orders()

    @task
    def get_reviews():
        return source.reviews()

    @task
    def write(report):
        sink.write(report)

    @flow
    def morning():
        orders = get_orders.submit()
        reviews = get_reviews.submit()
        many = len(orders.result())
        try:
            stars = len(reviews.result())
        except ConnectionError as problem:
            stars = None
            create_markdown_artifact(f"No reviews: {problem}", key="missing-reviews")
        write({"orders": many, "reviews": stars})

    return morning
    ### END SOLUTION


# %% given="morning_report"
def morning_report(source, sink):
    """A flow whose final state says whether the report can be used."""

    @task
    def get_orders():
        return source.orders()

    @task
    def get_reviews():
        try:
            return source.reviews()
        except ConnectionError:
            return None

    @task
    def write(orders, reviews):
        sink.write({"orders": len(orders), "reviews": len(reviews)})

    @flow
    def morning():
        orders = get_orders.submit()
        reviews = get_reviews.submit()
        written = write.submit(orders, reviews)
        written.wait()
        return "done"

    return morning


# %% [markdown] exercise="load_day"
# A run that broke is run again, and a day whose orders came late is loaded a second time. It must do no harm.
#
# Write `load_day(source, store)`. It returns a flow with one parameter, `day`, a `datetime.date`. A run has two tasks,
# once each, also where a write breaks: `extract` fetches `source.fetch(day)`, a list of dictionaries, and `load` brings
# it into the store as one file, `orders-2025-03-01.json` for the 1st of March 2025: the list as JSON (`json.dumps`).
#
# A store holds text by name. It has `write(name, text)`, `append(name, text)`, `read(name)`, `rename(old, new)`,
# `delete(name)`, `exists(name)` and `names()`. A `write` replaces a file that has the name. It or an `append` may stop
# half-way and raise an `OSError`; whoever reads meanwhile gets half a file. A `rename` happens at once, and replaces a
# file that has the new name.
#
# - After a run that ended COMPLETED, the day's file holds what `source.fetch(day)` gave in this run, in that order,
#   however often the day was loaded before. Other days' files are as they were.
# - At no moment is a day's file half written, and once it is there, it is at no moment gone.
# - Where a write breaks, the run ends FAILED, or its `load` makes it good by itself. A run that ended FAILED may leave
#   a further file. The next run for the day works, and leaves no other files behind than the days'.
# - A day without orders has a file with an empty list.


# %% answer="load_day"
def load_day(source, store):
    """A flow that loads a day, as often as it is asked to."""
    ### BEGIN SOLUTION

    @task
    def extract(day):
        return source.fetch(day)

    @task
    def load(day, orders):
        name = f"orders-{day}.json"
        store.write(f"{name}.part", json.dumps(orders))
        store.rename(f"{name}.part", name)

    @flow
    def load_one_day(day: datetime.date):
        load(day, extract(day))

    return load_one_day
    ### END SOLUTION


# %% [markdown] exercise="cached"
# The till charges for each question. What is known of a day need not be asked twice.
#
# Write `cached(source, sink)`. It returns a flow with the parameters `day`, a `datetime.date`, and `refresh`, a
# `bool` that is `False` by default. A run has two tasks, once each: `fetch` gets `source.fetch(day)`, and `load` calls
# `sink.write(orders)` with it.
#
# - The result of `fetch` for a day is kept by Prefect's cache. A **later run** of the flow for the same day does not
#   ask the source: the task run of `fetch` ends as `Cached`. Another day is fetched.
# - With `refresh=True` the source is asked once, and what it gives is kept from then on.
# - `load` runs in every run.
# - `source` holds a connection, which can be neither copied nor hashed.


# %% answer="cached"
def cached(source, sink):
    """A flow that asks for a day once."""
    ### BEGIN SOLUTION
    from prefect.cache_policies import INPUTS

    @task(cache_policy=INPUTS, persist_result=True)
    def fetch(day):
        return source.fetch(day)

    @task
    def load(orders):
        sink.write(orders)

    @flow
    def cached_report(day: datetime.date, refresh: bool = False):
        load(fetch.with_options(refresh_cache=refresh)(day))

    return cached_report
    ### END SOLUTION


# %% [markdown] exercise="many"
# The shop has branches, and each has a till of its own. Asked one after the other they take all night; asked all at
# once they bring the network down.
#
# Write `many(sources, limit, sink)`. It returns a flow without parameters. `sources` is a list; `fetch()` of each
# takes a moment and returns a whole number. A run fetches each source once, in a **task run of its own**, and then
# calls `sink.write(results)` once, with the list of the numbers in the order of `sources`.
#
# - Fetches are under way at once: `limit` of them where there are as many to ask, and never more. `limit` is at least 2.
#   Group by group is fine.
# - Where a fetch raises, its place in the list holds `None`, its task run ends FAILED, and the run of the flow ends
#   COMPLETED. It is not tried again.
# - Without sources, the empty list is written.


# %% answer="many"
def many(sources, limit, sink):
    """A flow that asks several sources at once, but not too many."""
    ### BEGIN SOLUTION
    from prefect.task_runners import ThreadPoolTaskRunner

    @task
    def fetch(place):
        return sources[place].fetch()

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=limit))
    def ask_all():
        futures = [fetch.submit(place) for place in range(len(sources))]
        results = []
        for future in futures:
            result = future.result(raise_on_failure=False)
            results.append(None if isinstance(result, Exception) else result)
        sink.write(results)
        return "written"

    return ask_all
    ### END SOLUTION


# %% [markdown] exercise="scheduled"
# Each branch wants its report at a time of its own, by the clock on its own wall.
#
# Write `scheduled(flow, name, at, timezone, days)`. It returns a deployment of `flow`, as `flow.to_deployment(...)`
# makes it, with
#
# - the name `name`, and the parameters `{"shop": name}`;
# - runs at the local time `at` in `timezone`. `at` is text such as `"04:30"`, from 04:01 to 07:59, so that no change
#   of the clocks falls on it; `timezone` is text such as `"Europe/Berlin"`. The local time stays the same when the
#   clocks change;
# - on every day where `days` is empty, else on the weekdays in `days`, a list of some of `"mon"`, `"tue"`, `"wed"`,
#   `"thu"`, `"fri"`, `"sat"`, `"sun"`;
# - never more than one run at a time.
#
# Do not serve it: a served deployment waits for its runs and does not return.


# %% answer="scheduled"
def scheduled(flow, name, at, timezone, days):
    """A deployment of `flow` that runs at a local time."""
    ### BEGIN SOLUTION
    from prefect.schedules import Cron

    hour, minute = at.split(":")
    weekdays = ",".join(days) or "*"
    return flow.to_deployment(
        name,
        parameters={"shop": name},
        schedule=Cron(f"{int(minute)} {int(hour)} * * {weekdays}", timezone=timezone),
        concurrency_limit=1,
    )
    ### END SOLUTION


# %% [markdown] exercise="nightly"
# The whole night: Spark cleans, MLlib learns, Prefect runs it.
#
# Write `nightly(source, warehouse)`. It returns a flow with one parameter, `day`, a `datetime.date`. `warehouse` is
# the path of a folder that is there, as text. A run
#
# 1. asks `source.fetch(day)`, which returns the path of a Parquet file with all deliveries so far: `order_id`,
#    `distance_km`, `weight_g`, `dispatched_at` (a timestamp in UTC) and `hours`, which is missing until a parcel has
#    arrived. When this fails it is tried up to 3 more times; a delay of 0.1 s between them is enough here;
# 2. cleans them: rows that are repeated in full count once, and rows without `distance_km` or without `weight_g` are
#    left out. An order may have several parcels, whose rows differ; all of them count;
# 3. fits MLlib's `LinearRegression`, with its defaults, to `hours` by `distance_km` and `weight_g`, on the rows that
#    have `hours` and were dispatched **before** `day` (dates in UTC, which is also the session's time zone);
# 4. predicts every row that was dispatched on `day`, also those that have arrived, and writes `order_id` and
#    `predicted_hours` as Parquet into the folder `forecast-2025-03-01` of the warehouse, for the 1st of March 2025.
#    A further run for the day replaces it.
#
# - Fetching, cleaning and forecasting are tasks of their own (there may be more).
# - Where the source never answers, the run ends FAILED.
# - The Spark session is there: `SparkSession.builder.getOrCreate()`. Leave it running. Other files may be written to
#   the warehouse.


# %% answer="nightly"
def nightly(source, warehouse):
    """A flow that forecasts the deliveries of a day."""
    ### BEGIN SOLUTION
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F

    @task(retries=3, retry_delay_seconds=0.1)
    def fetch(day):
        return source.fetch(day)

    @task
    def clean(path, day):
        spark = SparkSession.builder.getOrCreate()
        rows = spark.read.parquet(path).dropDuplicates()
        rows = rows.dropna(subset=["distance_km", "weight_g"])
        cleaned = f"{warehouse}/clean-{day}"
        rows.write.mode("overwrite").parquet(cleaned)
        return cleaned

    @task
    def forecast(path, day):
        spark = SparkSession.builder.getOrCreate()
        assembler = VectorAssembler(inputCols=["distance_km", "weight_g"], outputCol="features")
        rows = assembler.transform(spark.read.parquet(path))
        date = F.to_date("dispatched_at")
        known = rows.where((date < F.lit(day)) & F.col("hours").isNotNull())
        model = LinearRegression(labelCol="hours", predictionCol="predicted_hours").fit(known)
        today = model.transform(rows.where(date == F.lit(day)))
        today = today.select("order_id", "predicted_hours")
        today.write.mode("overwrite").parquet(f"{warehouse}/forecast-{day}")

    @flow
    def whole_night(day: datetime.date):
        forecast(clean(fetch(day), day), day)

    return whole_night
    ### END SOLUTION
