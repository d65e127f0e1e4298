"""The answers on file: each exercise's reference, and its right and wrong answers.

The reference stands in `solutions/<chapter>.py`. Right and wrong answers stand in
`checks/<chapter>/answers/<exercise>/`, one Python file each, called `right_*.py` or `wrong_*.py`.
A wrong answer's docstring is the sentence that its writer is shown. Beside it stand

    FAILS = ["test_values"]     the tests that it must fail, no more and no fewer (where a failed
                                test makes others be skipped, only the failed ones are named)
    SIGN = r"\\.concat\\("        optional: what its source looks like; for slips that show
                                in memory and not in the values
    RAISES = "ValueError: "     optional: what is searched for in the type and message of an error
                                that such an answer, or its flow, raises; without it an error's
                                words are compared, and a flow's runs
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.checking import Exercise
from autograder.course import CHECKS, SYNTAX, CourseError

# A pattern may take time that grows with the square of what it is tried on.
LONGEST_LOOKED_AT = 10_000


@dataclass(frozen=True)
class Answer:
    """An answer on file."""

    name: str
    source: str
    sentence: str = ""
    fails: tuple[str, ...] = ()
    sign: str = ""
    raises: str = ""

    @property
    def right(self) -> bool:
        return self.name.startswith("right_")


def _read(path: Path) -> Answer:
    source = path.read_text(encoding="utf-8")
    with SYNTAX:
        tree = ast.parse(source, filename=str(path))
    stated: dict[str, object] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        if node.targets[0].id in {"FAILS", "SIGN", "RAISES"}:
            stated[node.targets[0].id] = ast.literal_eval(node.value)
    fails = stated.get("FAILS", [])
    sentence = " ".join((ast.get_docstring(tree) or "").split())
    answer = Answer(
        path.stem,
        source,
        sentence,
        tuple(fails) if isinstance(fails, list) else (),
        str(stated.get("SIGN", "")),
        str(stated.get("RAISES", "")),
    )
    if not answer.right and not (answer.sentence and answer.fails):
        raise CourseError(f"{path.name} needs a docstring, its sentence, and FAILS")
    return answer


@cache
def answers(exercise: Exercise) -> tuple[Answer, ...]:
    """The exercise's right and wrong answers, by name. Empty in an edition without them."""
    folder = CHECKS / exercise.chapter / "answers" / exercise.name
    return tuple(_read(path) for path in sorted(folder.glob("*.py")))


def wrong_answers(exercise: Exercise) -> tuple[Answer, ...]:
    return tuple(one for one in answers(exercise) if not one.right)


def right_answers(exercise: Exercise) -> tuple[Answer, ...]:
    return tuple(one for one in answers(exercise) if one.right)


def matches_sign(answer: Answer, source: str) -> bool:
    """Whether the beginning of a learner's `source` looks like this wrong answer."""
    source = source[:LONGEST_LOOKED_AT]
    stated = ("SIGN =", "FAILS =", "RAISES =")
    lines = [line for line in source.splitlines() if not line.startswith(stated)]
    return bool(answer.sign) and re.search(answer.sign, "\n".join(lines)) is not None
