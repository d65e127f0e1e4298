"""Which wrong answer on file an answer behaves like: the misconception that a report names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from autograder.answers import LONGEST_LOOKED_AT, Answer, matches_sign, wrong_answers
from autograder.cases import Point
from autograder.checking import Exercise
from autograder.compare import same_value
from autograder.evidence import Outcome, Result, Rows
from autograder.plugin import Judgement

CALLED_FROM = "\n== "  # after it Spark says in which line of which cell it was called
SAID_OF_VALUES = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|\b0x[0-9a-f]+|\d+")

WrongResults = Callable[[Point], dict[str, Result]]  # results of the wrong answers, by name


def misconception(
    exercise: Exercise,
    failed: Sequence[Judgement],
    source: str,
    wrong_results: WrongResults | None,
) -> Answer | None:
    """The wrong answer on file that behaves, or looks, like the learner's.

    Several may agree with it on one input, as on an empty one: the one that agrees on most of the
    failed checks is meant. Agreeing on an input where the answer on file is right says nothing,
    and one that returned something else in the check that is shown is another mistake.
    """
    first = failed[0]
    candidates = [one for one in wrong_answers(exercise) if first.test in one.fails]
    agreed: dict[str, int] = {}
    others: set[str] = set()
    for judgement in failed if wrong_results and candidates else ():
        if judgement.point is None or judgement.result is None or wrong_results is None:
            continue
        known = wrong_results(judgement.point)
        for one in candidates:
            if judgement.test not in one.fails or one.name not in known:
                continue
            if same_outcome(judgement.result, known[one.name], one.raises):
                agreed[one.name] = agreed.get(one.name, 0) + 1
            elif judgement is first and not _may_differ(judgement.result):
                others.add(one.name)
    tests = {judgement.test for judgement in failed}
    alike = [
        one
        for one in candidates
        if one.name in agreed.keys() - others and (not one.sign or matches_sign(one, source))
    ]
    if alike:
        return max(
            alike, key=lambda one: (agreed[one.name], bool(one.sign), set(one.fails) == tests)
        )
    for one in candidates:
        if matches_sign(one, source):
            return one
    return None


def _may_differ(result: Result) -> bool:
    """Whether one answer may return something else each time.

    What is counted while something is done with the result may differ, and so may an RDD's
    rows where a function that is not associative combined them.
    """
    return any(one.call.then is not None or isinstance(one.value, Rows) for one in result.outcomes)


def same_outcome(returned: Result, wrong: Result, raises: str = "") -> bool:
    """Whether both returned, call for call, the same values, or raised for the same reason.

    In a notebook no more calls of a case are made after one that failed: those say nothing.

    Args:
        returned: what a learner's answer gave.
        wrong: what a wrong answer on file gave.
        raises: what the errors of such answers have in common, where it is not their words.
    """
    if len(returned.outcomes) != len(wrong.outcomes):
        return False
    pairs = zip(returned.outcomes, wrong.outcomes, strict=True)
    made = [(one, other) for one, other in pairs if one.outcome != "nothing"]
    for one, other in made:
        if one.outcome != other.outcome or one.unreadable != other.unreadable:
            return False
        if one.outcome == "returned":
            if raises and (errors := _errors_in(one.value)):
                # A flow. What its tasks had done when it failed may be a matter of chance.
                if any(_is_told_by(raises, error) for error in errors):
                    continue
                return False
            if isinstance(one.value, list) and _texts(one.value) == _texts(other.value):
                continue  # rows that no check would take, such as tuples beside None
            try:
                same_value(_comparable(one.value), _comparable(other.value))
            except Exception:  # not the same, in whatever way
                return False
        elif not _same_error(one, other, raises):
            return False
    return bool(made)


def _texts(rows: object) -> list[str]:
    """The texts of a list's elements; an RDD's in an order that any two of the same rows share."""
    texts = list(map(repr, rows)) if isinstance(rows, list) else []
    return sorted(texts) if isinstance(rows, Rows) else texts


def _comparable(value: object) -> object:
    """What a call returned, without that in which no two runs agree.

    Left out are numbers of bytes that a probe counted: a function of a notebook's process is
    pickled to another size than one of a process of its own. Of a flow it is when, and under which
    made-up names, and which of the tasks that were submitted together began first. Of what made a
    flow fail there is the type. The text may name files, which an answer may call as it likes.
    """
    if isinstance(value, dict):
        if _is_error(value):
            return value["type"]
        aside = {key for key in value if isinstance(key, str) and key.endswith("_bytes")}
        if "attempts" in value:
            aside |= {"start", "end", "run"}
        if "flow" in value:  # what a probe says beside it: numbers with a fraction are seconds
            aside |= {key for key, of in value.items() if isinstance(of, float)}
        kept: dict[Any, Any] = {
            key: _comparable(of) for key, of in value.items() if key not in aside
        }
        if isinstance(kept.get("tasks"), list):
            kept["tasks"] = sorted(kept["tasks"], key=repr)
        return kept
    return [_comparable(one) for one in value] if type(value) is list else value


def _is_error(value: object) -> bool:
    """Whether it is what a run says of an error: a call's, or a flow run's."""
    return isinstance(value, dict) and value.keys() == {"type", "message", "lines"}


def _errors_in(value: object) -> list[dict[str, Any]]:
    """The errors that a flow's runs ended with, wherever they stand in what a probe says."""
    if isinstance(value, dict):
        return [value] if _is_error(value) else _errors_in(list(value.values()))
    return [one for of in value for one in _errors_in(of)] if type(value) is list else []


def _words(error: dict[str, Any]) -> tuple[str, list[str]]:
    """An error's type and what it says, without numbers and quoted values.

    Names in backquotes stay. They are of columns, and another column is another mistake.
    """
    said = str(error.get("message", "")).partition(CALLED_FROM)[0]
    return str(error.get("type", "")), SAID_OF_VALUES.sub("#", said).split()


def _same_error(one: Outcome, other: Outcome, raises: str) -> bool:
    """Whether both ended for the same reason. Where memory or time ran out says nothing."""
    if one.outcome != "raised":
        return one.error.get("type") == other.error.get("type")
    if not raises:
        return _words(one.error) == _words(other.error)
    return _is_told_by(raises, one.error)


def _is_told_by(raises: str, error: dict[str, Any]) -> bool:
    told = f"{error.get('type', '')}: {error.get('message', '')}"
    return re.search(raises, told[:LONGEST_LOOKED_AT]) is not None
