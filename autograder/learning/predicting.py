"""Predictions before a cell is run: what the learner expects, and what is to be said to it.

A chapter's stand in `autograder/checks/<chapter>/predictions.py` as `PREDICTIONS`; the question
itself stands in the notebook, above the cell that asks. They carry no points.
"""

from __future__ import annotations

import html
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.course import CHECKS, chapters
from autograder.palette import BADGES


@dataclass(frozen=True)
class Prediction:
    """What may be expected of the next cell.

    Attributes:
        name: as the notebook calls it.
        right: the guess that the cell bears out.
        said: to each guess, the right one and those that are misconceptions, a sentence.
    """

    name: str
    right: Any
    said: Mapping[Any, str]


def predictions() -> dict[str, Prediction]:
    """The predictions of all chapters, by name."""
    found: dict[str, Prediction] = {}
    for chapter in chapters():
        if (CHECKS / chapter / "predictions.py").exists():
            module = importlib.import_module(f"autograder.checks.{chapter}.predictions")
            found |= {one.name: one for one in module.PREDICTIONS}
    return found


class Predicted:
    """What is said to a prediction. `right` can be used in code."""

    def __init__(self, right: bool, text: str):
        self.right, self._text = right, text

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        colour = BADGES["green" if self.right else "orange"]
        return (
            f'<div style="border-left:4px solid {colour};padding:.2em .9em">'
            f"{html.escape(self._text)}</div>"
        )


def predict(name: str, guess: Any = None) -> Predicted:
    """Say what you expect before you run it: `predict("rows_of_the_join", 10)`.

    Args:
        name: of the prediction, as the notebook has it.
        guess: what you expect; left out, you are asked for it.
    """
    every = predictions()
    if name not in every:
        return Predicted(False, f"No prediction is called {name!r}. There are: {_listed(every)}.")
    one = every[name]
    if guess is None or guess is ...:
        return Predicted(False, f"Write what you expect in place of ..., and run this cell: {name}")
    if guess == one.right:
        return Predicted(True, f"✓ {one.said[one.right]} Run the next cell and see.")
    told = one.said.get(guess, f"You expect {guess!r}.") if _hashable(guess) else ""
    return Predicted(False, f"✗ {told} Run the next cell and see, then predict again.".strip())


def _listed(every: Mapping[str, Prediction]) -> str:
    return ", ".join(sorted(every)) or "none yet"


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True
