"""What the exercises of `workflows` are given, and what is done with the flows they return.

A source and a sink count what is asked of them and fail on cue: by counting calls, never by the
clock. They live in the process of the answer, and what they counted is part of the evidence.
"""

from __future__ import annotations

import datetime
import itertools
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.runner.flows import run_flow

_made: dict[str, Any] = {}  # the objects of the call that is under way, by kind
_numbers = itertools.count()


def _day(day: Any) -> str:
    """A day as 2025-03-01, from a date, a time or a text."""
    return str(day)[:10]


def _raise(kind: str, text: str) -> None:
    kinds: dict[str, type[Exception]] = {"gone": ConnectionError, "missing": LookupError}
    raise kinds[kind](text)


class Source:
    """The till. `fetch(day)` gives the orders of a day, or of the only day that there is."""

    def __init__(self, days: Mapping[str, Any], fails: int = 0, error: str = "gone"):
        self._days = {day: [dict(order) for order in orders] for day, orders in days.items()}
        self._fails, self._error = fails, error
        self._line = threading.Lock()  # a connection: it can be neither copied nor hashed
        self.calls = 0
        self.times: list[float] = []

    def fetch(self, day: Any = None) -> list[dict[str, Any]]:
        with self._line:
            self.calls += 1
            self.times.append(time.monotonic())
            if self.calls <= self._fails:
                _raise(self._error, f"the till does not answer (call {self.calls})")
            key = next(iter(self._days)) if day is None else _day(day)
            if key not in self._days:
                raise LookupError(f"the till knows no day {key!r}")
            return [dict(order) for order in self._days[key]]


class Sink:
    """Where reports go. `write` keeps what it is given, and `announce` rings the owner's phone."""

    def __init__(self, fails: int = 0):
        self._fails = fails
        self.announced = 0
        self.writes = 0
        self.written: list[Any] = []

    def announce(self) -> None:
        self.announced += 1

    def write(self, *what: Any) -> None:
        self.writes += 1
        if self.writes <= self._fails:
            raise OSError("the disk of the warehouse is full")
        self.written.append([_plain(one) for one in what])


def _plain(value: Any) -> Any:
    """What was written, as plain data: days as text, and the rest as it is."""
    if isinstance(value, datetime.date):
        return _day(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return f"<{type(value).__name__}>"


def source(days: Mapping[str, Any], fails: int = 0, error: str = "gone") -> Source:
    _made["source"] = Source(days, fails, error)
    return _made["source"]


def sink(fails: int = 0) -> Sink:
    _made["sink"] = Sink(fails)
    return _made["sink"]


def runs(flow: Any, parameters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Run a flow with each set of parameters, and say what its source and sink have seen."""
    till, shelf = _made["source"], _made["sink"]
    before = till.calls
    told = run_flow(flow, parameters)
    gaps = [later - earlier for earlier, later in itertools.pairwise(till.times)]
    return {
        "flow": told,
        "before": before,  # calls before the flow was run at all
        "calls": till.calls,
        "shortest_gap": min(gaps, default=0.0),
        "announced": shelf.announced,
        "writes": shelf.writes,
        "written": shelf.written,
    }


# --- morning_report ---


class Desk:
    """Two sources in one: `orders()`, which a report needs, and `reviews()`, which it may lack."""

    def __init__(self, orders: list[Any], reviews: list[Any], failing: Sequence[str]):
        self._orders, self._reviews, self._failing = orders, reviews, failing
        self.calls = 0
        self.times: list[float] = []

    def orders(self) -> list[Any]:
        return self._give("orders", self._orders)

    def reviews(self) -> list[Any]:
        return self._give("reviews", self._reviews)

    def _give(self, name: str, rows: list[Any]) -> list[Any]:
        self.calls += 1
        if name in self._failing:
            raise ConnectionError(f"no {name} this morning")
        return [dict(row) for row in rows]


def desk(orders: list[Any], reviews: list[Any], failing: Sequence[str]) -> Desk:
    _made["source"] = Desk(orders, reviews, failing)
    return _made["source"]


# --- load_day ---


class Store:
    """Files by name. A write is not atomic: it can stop half-way. A rename is."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._fail = False
        self._seen: set[str] = set()  # names of days that were there once
        self.torn: list[str] = []  # days' files that someone could have read half
        self.gone: list[str] = []  # days' files that were there, and then were not

    def read(self, name: str) -> str:
        if name not in self._files:
            raise FileNotFoundError(name)
        return self._files[name]

    def names(self) -> list[str]:
        return sorted(self._files)

    def exists(self, name: str) -> bool:
        return name in self._files

    def write(self, name: str, text: str) -> None:
        self._put(name, "", text)

    def append(self, name: str, text: str) -> None:
        self._put(name, self._files.get(name, ""), text)

    def rename(self, old: str, new: str) -> None:
        if old not in self._files:
            raise FileNotFoundError(old)
        self._files[new] = self._files.pop(old)
        self._look()

    def delete(self, name: str) -> None:
        if name not in self._files:
            raise FileNotFoundError(name)
        del self._files[name]
        self._look()

    def fail_next(self) -> None:
        """Let the next write stop half-way."""
        self._fail = True

    def _put(self, name: str, before: str, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"a store holds text, not {type(text).__name__}")
        # Whoever reads now, while it is being written, gets the first half.
        self._files[name] = before + text[: len(text) // 2]
        self._look()
        if self._fail:
            self._fail = False
            raise OSError(f"the store went away while {name} was written")
        self._files[name] = before + text
        self._look()

    def _look(self) -> None:
        days = {name for name in self._files if name.startswith("orders-") and _is_a_day(name)}
        self.gone += sorted(self._seen - days)
        self._seen |= days
        self.torn += [name for name in sorted(days) if _rows(self._files[name]) is None]


def _is_a_day(name: str) -> bool:
    return len(name) == len("orders-2025-03-01.json") and name.endswith(".json")


def _rows(text: str) -> Any:
    """The rows in a file, or None where it is not whole."""
    try:
        return json.loads(text)
    except ValueError:
        return None


class Till:
    """A source whose days change: the n-th `fetch(day)` gives the n-th version of the day."""

    def __init__(self, versions: Mapping[str, Sequence[Any]]):
        self._versions = versions
        self._line = threading.Lock()
        self.calls = 0
        self.fetched: dict[str, int] = {}

    def fetch(self, day: Any) -> list[dict[str, Any]]:
        with self._line:
            key = _day(day)
            number = self.fetched.get(key, 0)
            self.fetched[key] = number + 1
            self.calls += 1
            versions = self._versions[key]
            return [dict(order) for order in versions[min(number, len(versions) - 1)]]


def till(versions: Mapping[str, Sequence[Any]]) -> Till:
    _made["source"] = Till(versions)
    return _made["source"]


def store() -> Store:
    _made["store"] = Store()
    return _made["store"]


def loads(flow: Any, days: Sequence[str], failing: Sequence[int]) -> dict[str, Any]:
    """Run a flow for each of `days`; before the runs in `failing` the store is told to fail."""
    shelf = _made["store"]
    after: list[Any] = []

    def look(number: int) -> None:
        shelf._fail = False
        after.append({name: _rows(shelf.read(name)) for name in shelf.names()})
        if number + 1 in failing:
            shelf.fail_next()

    with _own_results():
        if 0 in failing:
            shelf.fail_next()
        told = run_flow(flow, [{"day": day} for day in days], look)
    return {
        "flow": told,
        "after": after,
        "torn": sorted(set(shelf.torn)),
        "gone": sorted(set(shelf.gone)),
        "calls": _made["source"].calls,
    }


class _own_results:
    """Meanwhile results are kept in a new folder: nothing that was cached before is found."""

    def __enter__(self) -> None:
        from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, temporary_settings

        self._folder = Path(tempfile.mkdtemp(prefix="results-"))
        self._settings = temporary_settings({PREFECT_LOCAL_STORAGE_PATH: self._folder})
        self._settings.__enter__()

    def __exit__(self, *problem: Any) -> None:
        self._settings.__exit__(*problem)
        shutil.rmtree(self._folder, ignore_errors=True)


# --- cached ---


def visits(flow: Any, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Run a flow with each set of parameters, and say how many calls each run cost the source."""
    calls: list[int] = []
    with _own_results():
        told = run_flow(flow, runs, lambda number: calls.append(_made["source"].calls))
    each = [now - before for before, now in itertools.pairwise([0, *calls])]
    return {"flow": told, "calls": each, "written": _made["sink"].written}


# --- many ---


class _Room:
    """Where the fetches meet: how many are under way at once is counted here.

    The first ones wait for each other until as many are there as are to be, however slow the
    machine is. Then they stay a moment, so that one too many is seen. Where nobody comes for a
    long time, nobody waits any more.
    """

    COMES_WITHIN = 8.0  # seconds; three threads start in a tenth of one
    STAYS = 0.3

    def __init__(self, wanted: int):
        self._wanted = wanted
        self._line = threading.Condition()
        self._now = 0
        self._left = 0
        self._met = wanted < 2
        self.most = 0
        self.calls = 0

    def visit(self, answers_late: bool) -> None:
        """Be one of those under way. Who answers late leaves after another has left."""
        with self._line:
            self._now += 1
            self.calls += 1
            self.most = max(self.most, self._now)
            self._line.notify_all()
            stays = not self._met
            if stays:
                self._line.wait_for(
                    lambda: self._met or self._now >= self._wanted, self.COMES_WITHIN
                )
                self._met = True
                self._line.notify_all()
        if stays:
            time.sleep(self.STAYS)
        with self._line:
            if stays and answers_late and self._now > 1:
                self._line.wait_for(lambda: self._left > 0, self.COMES_WITHIN)
                self._line.wait_for(lambda: False, self.STAYS)  # what it gave goes on its way
            self._now -= 1
            self._left += 1
            self._line.notify_all()


class Branch:
    """One of many sources."""

    def __init__(self, room: _Room, place: int, cents: int, fails: bool):
        self._room, self._place, self._cents, self._fails = room, place, cents, fails

    def fetch(self) -> int:
        """The branch's revenue in cents."""
        self._room.visit(answers_late=self._place == 0)
        if self._fails:
            raise ConnectionError("this branch does not answer")
        return self._cents


def branches(revenues: Sequence[int], failing: Sequence[int], meeting: int) -> list[Branch]:
    """That many of the branches wait for each other; 0 or 1: they answer at once."""
    room = _made["room"] = _Room(meeting)
    return [Branch(room, place, cents, place in failing) for place, cents in enumerate(revenues)]


def gathered(flow: Any) -> dict[str, Any]:
    told = run_flow(flow, [{}])
    room = _made["room"]
    return {
        "flow": told,
        "calls": room.calls,
        "most": room.most,
        "written": _made["sink"].written,
    }


# --- scheduled ---


def pipeline() -> Any:
    """The flow that is to be scheduled."""
    from prefect import flow

    return flow(nightly_report)


def nightly_report(shop: str, days: int = 1) -> str:
    """What a deployment of the flow would run."""
    return f"{shop}: {days}"


def dates(deployment: Any, starts: Sequence[str], many: int) -> dict[str, Any]:
    """When a deployment's runs begin: the next `many` after each of `starts`, and how it runs."""
    import asyncio

    from prefect.server.schemas import schedules as clocks  # what a server reckons with

    wanted = ("name", "parameters", "schedules")
    if not all(hasattr(deployment, name) for name in wanted):
        raise TypeError(f"a deployment was expected, and {type(deployment).__name__} came back")
    schedules = [one for one in deployment.schedules or [] if one.active is not False]

    async def after(start: str) -> list[str]:
        begin = datetime.datetime.fromisoformat(start)
        found: set[datetime.datetime] = set()
        for one in schedules:
            kind = getattr(clocks, type(one.schedule).__name__)
            clock = kind.model_validate(one.schedule.model_dump())
            found |= set(await clock.get_dates(many, begin))
        utc = sorted(moment.astimezone(datetime.UTC) for moment in found)
        return [f"{moment:%Y-%m-%dT%H:%M}Z" for moment in utc[:many]]

    limit = deployment.concurrency_limit
    return {
        "name": deployment.name,
        "flow": deployment.flow_name,
        "parameters": {str(k): _plain(v) for k, v in (deployment.parameters or {}).items()},
        "schedules": len(schedules),
        "limit": getattr(limit, "limit", limit),
        "dates": [asyncio.run(after(start)) for start in starts],
    }


# --- nightly ---


class Drop:
    """Where the couriers leave their file: `fetch(day)` gives the path of all deliveries so far."""

    def __init__(self, path: str, fails: int):
        self._path, self._fails = path, fails
        self._line = threading.Lock()
        self.calls = 0

    def fetch(self, day: Any) -> str:
        with self._line:
            self.calls += 1
            if self.calls <= self._fails:
                raise ConnectionError(f"the couriers do not answer (call {self.calls})")
            datetime.date.fromisoformat(_day(day))
            return self._path


def drop(path: str, fails: int) -> Drop:
    _made["source"] = Drop(path, fails)
    return _made["source"]


def warehouse() -> str:
    """An empty folder."""
    _made["warehouse"] = Path(tempfile.mkdtemp(prefix="warehouse-", dir=Path.cwd()))
    return str(_made["warehouse"])


def nights(flow: Any, days: Sequence[str]) -> dict[str, Any]:
    """Run a flow for each of `days`, and read after each run what stands in the warehouse."""
    import pandas as pd
    import pyarrow.parquet

    shelf: Path = _made["warehouse"]
    forecasts: list[Any] = []
    there: list[list[str]] = []

    def look(number: int) -> None:
        there.append(sorted(path.name for path in shelf.iterdir()))
        folder = shelf / f"forecast-{days[number]}"
        if folder.exists():
            table = pyarrow.parquet.read_table(folder, use_threads=False)
            forecasts.append(table.to_pandas(use_threads=False))
        else:
            forecasts.append(pd.DataFrame({"order_id": [], "predicted_hours": []}))

    with _own_results():
        told = run_flow(flow, [{"day": day} for day in days], look)
    shutil.rmtree(shelf, ignore_errors=True)
    return {
        "facts": {"flow": told, "calls": _made["source"].calls, "there": there},
        **{f"forecast {number}": frame for number, frame in enumerate(forecasts)},
    }
