"""How Spark did a piece of work: the jobs, tasks, shuffles and plans of a block of code.

with watched() as run:
    orders.groupBy("city").count().collect()
run                      # a report
run.jobs, run.exchanges  # and numbers
"""

from __future__ import annotations

import html
import time
from typing import Any, Self

from autograder.course import CourseError
from autograder.learning import kernel
from autograder.plan_picture import plan_as_svg
from autograder.runner import spark
from autograder.spark_record import Phase, SparkFacts, Task, plan_as_text, read_phase

MOST_PICTURES = 3
NOT_YET = "the block has not ended yet: read what was watched after it"


class Watched:
    """What Spark did in a block of code. What `SparkFacts` tells can be asked of it, too.

    Attributes:
        seconds: how long the block took, by the clock.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._facts: SparkFacts | None = None

    def __enter__(self) -> Self:
        kernel.start_spark()
        self._record = spark.Record()
        self._began = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._began
        self._facts = SparkFacts(read_phase(self._record.added()), Phase())

    @property
    def facts(self) -> SparkFacts:
        """All that Spark's record tells. Raises `CourseError` within the block."""
        if self._facts is None:
            raise CourseError(NOT_YET)
        return self._facts

    @property
    def jobs(self) -> int:
        """Jobs that were started."""
        return self.facts.called.jobs

    @property
    def tasks(self) -> list[Task]:
        """What each task did, in the order in which they ended."""
        return self.facts.called.tasks

    @property
    def stages(self) -> int:
        """Stages that ran; a stage whose output was there already is not run again."""
        return len({task.stage for task in self.tasks})

    @property
    def plan_text(self) -> str:
        """The physical plans that ran, as indented lines."""
        return repr(self.picture)

    @property
    def picture(self) -> PlanPicture:
        """The physical plans that ran, as pictures; where only text can be shown, as text."""
        return PlanPicture(self.facts)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.facts, name)

    def __dir__(self) -> list[str]:
        of_facts = [name for name in dir(SparkFacts) if not name.startswith("_")]
        return sorted({*super().__dir__(), *of_facts})

    def _lines(self) -> list[str]:
        facts = self.facts
        lines = [
            f"{_many(self.jobs, 'job')}, {_many(self.stages, 'stage')}, "
            f"{_many(len(self.tasks), 'task')}, {self.seconds:.2f} s"
        ]
        if facts.bytes_read:
            lines.append(f"read from files and caches: {_size(facts.bytes_read)}")
        if facts.shuffle_bytes:
            lines.append(f"written for shuffles: {_size(facts.shuffle_bytes)}")
        if facts.spilled_bytes:
            lines.append(f"spilled from memory: {_size(facts.spilled_bytes)}")
        return lines

    def __repr__(self) -> str:
        if self._facts is None:
            return f"<Watched: {NOT_YET}>"
        return "\n".join([*self._lines(), *self.plan_text.splitlines()])

    def _repr_html_(self) -> str:
        if self._facts is None:
            return f"<p>{NOT_YET}</p>"
        lines = "<br>".join(html.escape(line) for line in self._lines())
        return f"<p>{lines}</p>{self.picture._repr_html_()}"


class PlanPicture:
    """The physical plans of what was watched, each from its result down to the files."""

    def __init__(self, facts: SparkFacts):
        self._plans = facts.plans

    def __repr__(self) -> str:
        return "\n".join(line for plan in self._plans for line in plan_as_text(plan))

    def _repr_html_(self) -> str:
        shown = self._plans[-MOST_PICTURES:]
        parts = [plan_as_svg(plan, "What Spark ran") for plan in shown]
        if len(shown) < len(self._plans):
            parts.insert(0, f"<p>The last {len(shown)} of {len(self._plans)} plans:</p>")
        return '<div style="margin:.4em 0">' + "<br>".join(parts) + "</div>" if parts else ""


def watched() -> Watched:
    """Watch how Spark does what happens in a `with` block.

    Raises:
        CourseError: Spark cannot be started, or was started before the course could watch it.
    """
    return Watched()


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _size(count: int) -> str:
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count} bytes"
