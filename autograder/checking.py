"""What the author of an exercise's checks imports.

A check never calls an answer. The author declares **cases**: which function is called with what,
at which sizes, under which budget. A runner performs the calls, for the learner's answer and for
the reference alike, and pytest functions read what came of them through two fixtures:

    result      what the learner's answer gave:  result.value, result.values, result.mutated ...
    expected    what the reference gave on the very same input

    @pytest.mark.case("clean")          which case the test reads
    @pytest.mark.points(5)              what it is worth
    @pytest.mark.depends("test_values") skipped, and said so, after that one failed
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


class Call:
    """One call of the answer: its arguments in order, and the limits that hold meanwhile.

    Arguments are pandas frames and series, `TableInput`, `FileInput`, or plain values.
    `budget_mb` is the memory in MiB that the call may add to what its process already held.
    `seconds` only ends a call that would never end; no mark rests on it.
    """

    def __init__(self, *arguments: Any, budget_mb: float | None = None, seconds: float = 30):
        self.arguments = arguments
        self.shown: tuple[str, ...] = ()  # how a report names the arguments
        self.budget_mb = budget_mb
        self.seconds = seconds


@dataclass(frozen=True)
class Case:
    """Calls to make at each size. `calls` is given the shop at one size and seed."""

    calls: Callable[[Shop], Sequence[Call]]
    self_check: tuple[str, ...] = SELF_CHECK_SIZES
    grading: tuple[str, ...] = GRADING_SIZES
    function: str | None = None  # None: the exercise's own name


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
    rows, a table); `advice` is the sentence about the likely misconception.
    """

    def __init__(self, headline: str, details: Sequence[str] = (), advice: str = ""):
        super().__init__(headline)
        self.headline = headline
        self.details = tuple(details)
        self.advice = advice


def expect(condition: bool, headline: str, *details: str, advice: str = "") -> None:
    """Raise `Gap` with `headline` unless `condition` holds."""
    if not condition:
        raise Gap(headline, details, advice)
