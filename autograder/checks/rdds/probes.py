"""What the checks of this chapter hand to answers, and do with what these return."""

from __future__ import annotations

from typing import Any

from autograder.runner import spark


def lookup(frame: Any) -> dict[Any, Any]:
    """A dictionary from the frame's first column to its second."""
    keys, values = frame.iloc[:, 0].tolist(), frame.iloc[:, 1].tolist()
    return dict(zip(keys, values, strict=True))


def with_closure(rdd: Any) -> dict[str, Any]:
    """The RDD, and the bytes of the function that Spark sends with each of its tasks."""
    from pyspark.serializers import CloudPickleSerializer

    function = getattr(rdd, "func", None)
    size = len(CloudPickleSerializer().dumps(function)) if function else 0
    return {"rows": rdd, "closure_bytes": size}


def _two(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, (tuple, list)) or len(value) != 2 or not callable(value[1]):
        raise TypeError("bad_lines should return two things: an RDD and a function")
    return value[0], value[1]


def used(value: Any, times: int) -> dict[str, Any]:
    """The good records, and what the function says after the RDD was used `times` times."""
    records, how_many = _two(value)
    for _ in range(times):
        records.count()
    return {"records": records, "bad": [how_many(), how_many()]}


def only_counted(value: Any) -> int:
    """What the function says. Nothing else is asked of Spark."""
    _, how_many = _two(value)
    number: int = how_many()
    return number


class _BotList:
    """An open list of bots."""

    def __init__(self, agents: frozenset[str]):
        self._agents = agents

    def has(self, user_agent: str) -> bool:
        """Whether this is a bot's user agent."""
        return user_agent in self._agents

    def __reduce__(self) -> Any:
        raise TypeError("a list of bots that is open cannot be sent to another process")


class _OpenBots:
    """Opens the list of bots, wherever it is called, and counts how often that was."""

    def __init__(self, agents: list[str]):
        self._agents = frozenset(agents)
        self.opened = spark.session().sparkContext.accumulator(0)

    def __call__(self) -> _BotList:
        self.opened.add(1)
        return _BotList(self._agents)


_made: list[_OpenBots] = []


def opener(agents: list[str]) -> _OpenBots:
    """An `open_bots` for one call."""
    _made[:] = [_OpenBots(agents)]
    return _made[0]


def with_openings(rdd: Any) -> Any:
    """The RDD's rows, and how often the list of bots was opened to come to them."""
    if not hasattr(rdd, "persist"):
        return {"rows": rdd, "opened": 0}
    if not rdd.is_cached:  # else its storage level cannot be changed
        rdd.persist()
    rdd.count()
    return {"rows": rdd, "opened": _made[0].opened.value}
