"""What the author of an exercise's checks imports.

A check never calls an answer. The author declares **cases**: which function is called with what,
at which sizes, under which budget. A runner performs the calls, for the learner's answer and for
the reference alike, and pytest functions read what came of them through two fixtures:

    result      what the learner's answer gave:  result.value, result.values, result.mutated ...
    expected    what the reference gave on the very same input

    @pytest.mark.case("clean")          which case the test reads
    @pytest.mark.points(5)              what it is worth
    @pytest.mark.depends("test_values") skipped, and said so, after that one failed

How the answer came to its value is evidence, too, and can be asserted on in a line:

    expect(result.spark.jobs_before_action == 0, "...")     see autograder/spark_record.py
    expect(result.peak_mb < 2 * expected.peak_mb, "...")    memory that the call added
    expect(result.copies < 1.5, "...")                      the same, in sizes of its input
    expect(not result.mutated, "...")                       arguments that were changed in place
    expect(result.flows[0].cache_hits == 1, "...")          see autograder/flow_record.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SELF_CHECK_SIZES = ("tiny", "small")
GRADING_SIZES = ("small", "medium")


@dataclass(frozen=True)
class Exercise:
    """One exercise. Its text, stub and reference answer stand in `solutions/<chapter>.py`."""

    id: str
    title: str
    section: str  # the heading in the chapter's page that treats it, as an anchor
    minutes: int
    hints: tuple[str, ...]  # from a nudge to nearly the answer
    stretch: bool = False

    @property
    def chapter(self) -> str:
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The name of the exercise and of the function that it asks for."""
        return self.id.partition(".")[2]


@dataclass(frozen=True)
class TableInput:
    """A table of the shop, given to the answer as a pandas frame (or one column as a Series)."""

    table: str
    columns: tuple[str, ...] | None = None
    series: bool = False


@dataclass(frozen=True)
class FileInput:
    """A file, given to the answer as the text of its path: one that a case made, or a table's."""

    path: Path | None = None
    table: str = ""
    format: str = "parquet"


@dataclass(frozen=True)
class SparkInput:
    """A table of the shop, or rows that a case made, given to the answer as Spark has them.

    As a frame it has an explicit schema, so that reading it starts no job. As an RDD it has
    `partitions` partitions of tuples, or of plain values where `values` is true.
    """

    table: str = ""
    rows: pd.DataFrame | None = None
    columns: tuple[str, ...] | None = None
    partitions: int = 0  # 0: a frame
    values: bool = False


@dataclass(frozen=True)
class Made:
    """An argument that is made anew for each call, in the process of the answer.

    `by` names a function in the chapter's `probes.py`, beside the checks; it is given the
    arguments. So an answer can be handed a source that fails twice, or a class that counts.
    """

    by: str
    arguments: tuple[Any, ...] = ()
    shown: str = ""  # how a report names it


@dataclass(frozen=True)
class Then:
    """What is done with the value that the answer returned, in its process, before it is judged.

    `by` names a function in the chapter's `probes.py`; it is given the value and the arguments,
    and what it returns is the evidence. So a flow can be run, and a model asked for predictions.
    What stands in a dictionary under a name that ends in `_bytes` is measured, and differs from
    process to process: a check may look at it, but no known mistake is told by it.
    """

    by: str
    arguments: tuple[Any, ...] = ()


class Call:
    """One call of the answer: its arguments in order, and the limits that hold meanwhile.

    Arguments are pandas frames and series, `TableInput`, `FileInput`, `SparkInput`, `Made`, or
    plain values.
    `budget_mb` is the memory in MiB that the call may add to what its process already held; it is
    for answers without Spark.
    `seconds` only ends a call that would never end; no mark rests on it.
    `then` is done with what the call returned.
    """

    def __init__(
        self,
        *arguments: Any,
        budget_mb: float | None = None,
        seconds: float = 30,
        then: Then | None = None,
    ):
        self.arguments = arguments
        self.shown: tuple[str, ...] = ()  # how a report names the arguments
        self.budget_mb = budget_mb
        self.seconds = seconds
        self.then = then


@dataclass(frozen=True)
class Case:
    """Calls to make at each size. `calls` is given the shop at one size and seed."""

    calls: Callable[[Shop], Sequence[Call]]
    self_check: tuple[str, ...] = SELF_CHECK_SIZES
    grading: tuple[str, ...] = GRADING_SIZES
    function: str | None = None  # None: the exercise's own name
    spark: bool = False  # a session is there before the call; with Spark's inputs it always is
    prefect: bool = False  # a server of the run's own is there before the call


@dataclass(frozen=True)
class Shop:
    """The shop at one size and seed, as an author of cases sees it."""

    size: str
    seed: int
    folder: Path = field(repr=False)  # for files that a case makes

    def table(self, name: str, *columns: str) -> TableInput:
        """A table as a pandas frame, all columns or those named."""
        return TableInput(name, columns or None)

    def series(self, name: str, column: str) -> TableInput:
        """One column of a table as a pandas Series."""
        return TableInput(name, (column,), series=True)

    def file(self, name: str, format: str = "parquet") -> FileInput:
        """The path of a table's file."""
        return FileInput(table=name, format=format)

    def spark(self, name: str, *columns: str) -> SparkInput:
        """A table as a Spark frame, all columns or those named."""
        return SparkInput(name, columns=columns or None)

    def spark_of(self, frame: pd.DataFrame) -> SparkInput:
        """The rows of `frame` as a Spark frame, for inputs that the shop does not have."""
        return SparkInput(rows=frame)

    def rdd(self, name: str, *columns: str, partitions: int = 4) -> SparkInput:
        """A table's columns as an RDD of tuples."""
        return SparkInput(name, columns=columns or None, partitions=partitions)

    def rdd_of(self, frame: pd.DataFrame, partitions: int = 4) -> SparkInput:
        """The rows of `frame` as an RDD of tuples; of plain values where it has one column."""
        return SparkInput(rows=frame, partitions=partitions, values=frame.shape[1] == 1)

    def csv_of(self, frame: pd.DataFrame, name: str) -> FileInput:
        """The path of a CSV file that holds `frame`, for inputs that the shop does not have."""
        path = self.folder / f"{name}.csv"
        frame.to_csv(path, index=False)
        return FileInput(path)

    def parquet_of(self, frame: pd.DataFrame, name: str) -> FileInput:
        """The path of a Parquet file that holds `frame`."""
        path = self.folder / f"{name}.parquet"
        frame.to_parquet(path, index=False)
        return FileInput(path)

    def load(self, name: str, *columns: str) -> pd.DataFrame:
        """A table's rows, for an author who makes an input out of them."""
        import shop

        return shop.load(name, self.size, columns=list(columns) or None, seed=self.seed)

    @property
    def random(self) -> np.random.Generator:
        """Random numbers that depend on the size and the seed alone."""
        import numpy as np

        return np.random.default_rng([self.seed, len(self.size), ord(self.size[0])])


class Gap(AssertionError):
    """What a check found: the difference, and the sentence that explains it.

    `headline` says in one line what is wrong; `details` are further lines (first differing
    rows, a table); `advice` is the sentence about the likely misconception. On data that is kept
    for grading no details are shown, and `unseen` stands in place of a headline that names a value
    of that data, or what the answer made of it.
    """

    def __init__(
        self, headline: str, details: Sequence[str] = (), advice: str = "", unseen: str = ""
    ):
        super().__init__(headline)
        self.headline = headline
        self.details = tuple(details)
        self.advice = advice
        self.unseen = unseen or headline


def expect(
    condition: bool, headline: str, *details: str, advice: str = "", unseen: str = ""
) -> None:
    """Raise `Gap` with `headline` unless `condition` holds."""
    if not condition:
        raise Gap(headline, details, advice, unseen)
