"""What stands in the test cells of nbgrader as it is installed; copied beside the pickled calls.

Every call is made, as behind the wall, also after one that went wrong. What was made is written
down, so that the section can tell an answer that is wrong from calls that cannot be made at all.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from autograder.checking import Call
from autograder.compare import same_value
from autograder.evidence import read_outcome
from autograder.runner.arguments import probe, read_argument
from autograder.runner.values import describe_value

MADE = "made.txt"
NEAR = 0.05  # a share: some values are bytes that were measured, which differ by a few here


def run(exercise: str, names: Mapping[str, Any]) -> None:
    """Make the calls of an exercise and compare what comes back; one line in a file says so."""
    folder = Path(__file__).parent
    calls = pickle.loads((folder / f"{exercise}.pickle").read_bytes())
    if "prefect" in sys.modules:
        # In a thread: the kernel's own has an event loop, and Prefect begins another.
        with ThreadPoolExecutor(1) as thread:
            found = list(thread.map(lambda call: _returned_and_alike(names, *call), calls))
    else:  # not there: Spark knows the active session in the kernel's own thread alone
        found = [_returned_and_alike(names, *call) for call in calls]
    alike = [one for _, one in found]
    with open(folder / MADE, "a") as made:
        made.write(f"{exercise} {len(found)} {sum(returned for returned, _ in found)}\n")
    assert all(alike), f"{alike.count(False)} of {len(alike)} calls gave something else"


def _returned_and_alike(
    names: Mapping[str, Any],
    function: str,
    arguments: list[dict[str, Any]],
    then: dict[str, Any] | None,
    expected: Any,
) -> tuple[bool, bool]:
    returned = False
    try:
        value = names[function](*map(read_argument, arguments))
        if then:
            value = probe(then["by"])(value, *map(read_argument, then["arguments"]))
        node, parts = describe_value(value)  # a frame of Spark is computed here
        event = {"outcome": "returned", "value": node, "parts": [len(one) for one in parts]}
        value = read_outcome(Call(), event, b"".join(parts)).value
        returned = True
        same_value(value, expected, relative=NEAR)
    except Exception:
        return returned, False
    return True, True
