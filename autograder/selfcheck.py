"""`check`, `hint` and `solution`, as a learner uses them in a notebook.

Calls run in the learner's own process, on the published seed, beside the notebook's own Spark
where they need it. Calls with a memory budget, and flows, run in a process of their own that
repeats the cells run so far: hitting the wall there leaves the notebook's kernel as it was.
"""

from __future__ import annotations

import atexit
import contextlib
import html
import inspect
import sys
from collections.abc import Callable
from typing import Any

from autograder import report
from autograder.assignments import (
    NO_SOLUTIONS,
    has_solutions,
    reference_source,
    released_sources,
)
from autograder.cases import Point, Prepared, prepare, self_check_points
from autograder.checking import Exercise
from autograder.course import CourseError, chapters, exercises, find_exercise, numbers
from autograder.evidence import Outcome, Result, read_outcome
from autograder.learning import kernel, warming
from autograder.learning.progress import (
    Done,
    is_passed,
    next_exercise,
    read_progress,
    record_check,
    record_hint,
    version_of,
)
from autograder.reference import expected_results, wrong_results
from autograder.starting import Standby, beside
from autograder.submissions import same_program
from autograder.supervise import Cell, run_answers
from autograder.verdict import ExerciseVerdict, judge, max_points, not_attempted
from autograder.wall import find_wall


class Shown:
    """Something to look at: HTML in a notebook, plain text elsewhere."""

    def __init__(self, text: str, markup: str):
        self._text, self._markup = text, markup

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self._markup


class Report(Shown):
    """The report of a check. `passed` and `points` can be used in code."""

    def __init__(self, verdict: ExerciseVerdict):
        super().__init__(report.as_text(verdict), report.as_html(verdict))
        self.verdict = verdict

    @property
    def passed(self) -> bool:
        return self.verdict.state == "passed"

    @property
    def points(self) -> float:
        return self.verdict.points


def _find(answer: Any, chapter: str | None) -> Exercise:
    name = answer if isinstance(answer, str) else getattr(answer, "__name__", None)
    if not isinstance(name, str):
        raise CourseError("give check the function that answers an exercise: check(shrink)")
    return find_exercise(f"{chapter}.{name}" if chapter else name)


def _cells_run(answer: Callable[..., Any]) -> list[str]:
    """The sources of the cells run so far; outside a notebook, the function's own source."""
    try:
        from IPython.core.getipython import get_ipython

        shell = get_ipython()
    except ImportError:
        shell = None
    if shell is not None:
        return [source for source in shell.user_ns.get("In", []) if source.strip()]
    module = inspect.getmodule(answer)
    try:
        return [inspect.getsource(module if module else answer)]
    except (OSError, TypeError):
        return []


def _own_source(answer: Callable[..., Any], cells: list[str]) -> str:
    """The cell that defined the answer last, or what `inspect` knows of it."""
    for source in reversed(cells):
        if f"def {answer.__name__}(" in source:
            return source
    try:
        return inspect.getsource(answer)
    except (OSError, TypeError):
        return ""


def _is_untouched(exercise: Exercise, source: str) -> bool:
    try:
        released = released_sources(exercise.chapter).get(exercise.name, "")
    except CourseError:
        return False
    return bool(source) and same_program(source, released)


def _in_process(
    exercise: Exercise, answer: Callable[..., Any], prepared: Prepared, say: Callable[[str], None]
) -> Result:
    from autograder.runner import spark
    from autograder.runner.arguments import read_argument
    from autograder.runner.calls import perform

    outcomes: list[Outcome] = []
    here = {path: str(path) for path in prepared.files()}
    for number, call in enumerate(prepared.calls):
        if number:
            say(f"{prepared.point.size}, call {number + 1} of {len(prepared.calls)}")
        request = prepared.request_of(exercise, number, here)
        arguments = [read_argument(spec) for spec in request["arguments"]]
        evidence, payload = perform(answer, arguments, request, record_spark=prepared.spark)
        if prepared.spark and not spark.is_alive():
            kernel.let_go()
            raise CourseError(
                f"Spark's own process ended while {exercise.name} ran, which as a rule means that "
                "it was out of memory: look for rows that are all brought to the driver. The next "
                "check starts Spark anew; run the cells again that made your own frames."
            )
        outcomes.append(read_outcome(call, {**evidence, "id": request["id"]}, payload))
        if evidence["outcome"] != "returned":
            break
    outcomes += [Outcome(call, "nothing") for call in prepared.calls[len(outcomes) :]]
    point = prepared.point
    return Result(prepared.function, point.size, point.hidden, outcomes)


def _can_start_spark() -> bool:
    """Start this process's Spark, if it can be watched here; else a process of its own has to."""
    try:
        kernel.start_spark()
    except CourseError:
        return False
    return True


def _in_own_process(
    exercise: Exercise, prepared: list[Prepared], cells: list[str]
) -> dict[Point, Result]:
    numbered = [Cell(f"cell {i}", source) for i, source in enumerate(cells)]
    work = [(exercise, one) for one in prepared]
    standby = _standby.pop(beside(prepared), None)
    try:
        return run_answers(numbered, work, find_wall(trusting=True), standby=standby).of(exercise)
    finally:
        if standby is not None:
            standby.close()


_standby: dict[frozenset[str], Standby] = {}  # at most one: it holds memory


def _stand_by(needs: frozenset[str]) -> None:
    close_standby()
    _standby[needs] = Standby(find_wall(trusting=True), needs)


@atexit.register
def close_standby() -> None:
    """End the runner that waits for the next check, if there is one."""
    while _standby:
        _standby.popitem()[1].close()


class _Progress:
    """Says what is being checked while it takes long; leaves nothing behind."""

    def __init__(self, exercise: Exercise):
        self._exercise = exercise
        self._handle: Any = None
        try:
            from IPython.core.getipython import get_ipython

            self._notebook = get_ipython() is not None and "ipykernel" in sys.modules
        except ImportError:
            self._notebook = False

    def say(self, what: str) -> None:
        text = f"checking {self._exercise.name}: {what} …" if what else ""
        if self._notebook:
            from IPython.display import HTML, display

            markup = HTML(f"<small>{html.escape(text)}</small>" if text else "")
            if self._handle is None:
                self._handle = display(markup, display_id=True)
            else:
                self._handle.update(markup)
        elif sys.stderr.isatty():
            print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def check_answer(answer: Callable[..., Any], exercise: Exercise) -> ExerciseVerdict:
    """Run and judge `answer` on the published seed."""
    cells = _cells_run(answer)
    source = _own_source(answer, cells)
    if _is_untouched(exercise, source):
        return not_attempted(exercise, sum(max_points(exercise).values()))
    progress = _Progress(exercise)
    results: dict[Point, Result] = {}
    apart: list[Prepared] = []
    with contextlib.ExitStack() as until_all_ran:
        configured = False
        for point in self_check_points(exercise):
            progress.say(point.size)
            prepared = prepare(exercise, point)
            if prepared.prefect or any(call.budget_mb for call in prepared.calls):
                apart.append(prepared)
                continue
            if prepared.spark and not configured:
                if not _can_start_spark():
                    apart.append(prepared)
                    continue
                until_all_ran.enter_context(kernel.as_configured())
                configured = True
            results[point] = _in_process(exercise, answer, prepared, progress.say)
    with contextlib.ExitStack() as afterwards:
        if apart:
            if kernel.in_notebook():
                # The next check finds its runner started; this one need not share the machine.
                afterwards.callback(_stand_by, beside(apart))
            progress.say("in a process of its own")
            results |= _found_there(exercise, _in_own_process(exercise, apart, cells))
        progress.say("compared with the reference")
        verdict = judge(
            exercise,
            results,
            expected_results(exercise, list(results)),
            source=source,
            wrong_results=lambda point: wrong_results(exercise, point),
        )
        progress.say("")
        return verdict


def _found_there(exercise: Exercise, results: dict[Point, Result]) -> dict[Point, Result]:
    """The same results. Raises `CourseError` where the other process found no such function."""
    if any(one.outcome == "missing" for result in results.values() for one in result.outcomes):
        raise CourseError(
            f"{exercise.name} is checked in a process of its own, which runs your cells, or your "
            "file, from the top, and found no such function there. Define it at the outermost "
            "level, not within another function, and check again."
        )
    return results


def check_notebook(
    exercise: Exercise,
    cells: list[Cell],
    source: str,
    say: Callable[[str], None],
    standby: Standby | None = None,
) -> ExerciseVerdict:
    """Run a notebook's cells in a process of their own, and judge one answer in it.

    Args:
        cells: the notebook's code cells, in order.
        source: the answer's own.
        say: told what is being run.
        standby: a runner that has started already, without a wall.
    """
    if _is_untouched(exercise, source):
        return not_attempted(exercise, sum(max_points(exercise).values()))
    say("data")
    work = [(exercise, prepare(exercise, point)) for point in self_check_points(exercise)]
    say("your notebook")
    run = run_answers(cells, work, find_wall(trusting=True), progress=say, standby=standby)
    say("compared with the reference")
    results = run.of(exercise)
    return judge(
        exercise,
        results,
        expected_results(exercise, list(results)),
        source=source,
        wrong_results=lambda point: wrong_results(exercise, point),
        cell_error=run.cell_failures.get(exercise.name, ""),
    )


def check(answer: Callable[..., Any], chapter: str | None = None) -> Shown:
    """Check the function that answers an exercise, and say what came of it.

    Args:
        answer: the function, e.g. `check(shrink)`.
        chapter: only needed where two chapters have an exercise of that name.
    """
    try:
        exercise = _find(answer, chapter)
        if not callable(answer):
            raise CourseError(f"give check the function itself: check({exercise.name})")
        _last[:] = [exercise]
        verdict = check_answer(answer, exercise)
    except CourseError as problem:
        return Shown(str(problem), f"<p>{html.escape(str(problem))}</p>")
    keep(verdict, exercise)
    if kernel.in_notebook():
        warming.begin(exercise.chapter)
    return Report(verdict)


def keep(verdict: ExerciseVerdict, exercise: Exercise) -> None:
    """Keep in the learner's progress what a check came to; a broken check counts for nothing."""
    if verdict.state in {"passed", "failed"}:
        try:
            record_check(exercise, verdict.state == "passed", verdict.points, verdict.max_points)
        except CourseError as problem:  # the report is there all the same
            print(problem, file=sys.stderr)


_last: list[Exercise] = []  # the one that was checked last in this process


def _named_or_last(answer: Any, chapter: str | None, what: str) -> Exercise:
    if answer is None and _last:
        return _last[0]
    if answer is None:
        raise CourseError(f"name the exercise: {what}(shrink)")
    return _find(answer, chapter)


def hint(answer: Any = None, chapter: str | None = None) -> Shown:
    """The next hint for an exercise: from a nudge to nearly the answer.

    Args:
        answer: the function or its name; left out, the exercise that was checked last.
        chapter: only needed where two chapters have an exercise of that name.
    """
    try:
        exercise = _named_or_last(answer, chapter, "hint")
        number = record_hint(exercise)
    except CourseError as problem:
        return Shown(str(problem), f"<p>{html.escape(str(problem))}</p>")
    many = len(exercise.hints)
    more = "Call hint again for the next one." if number < many else "This was the last one."
    text = f"Hint {number} of {many}: {exercise.hints[number - 1]}"
    return Shown(
        f"{text}\n{more}",
        f"<div><strong>Hint {number} of {many}.</strong> "
        f"{html.escape(exercise.hints[number - 1])}<br><small>{more}</small></div>",
    )


def solution(answer: Any = None, chapter: str | None = None) -> Shown:
    """The reference answer, once the exercise has passed.

    Args:
        answer: the function or its name; left out, the exercise that was checked last.
        chapter: only needed where two chapters have an exercise of that name.
    """
    try:
        exercise = _named_or_last(answer, chapter, "solution")
        if not has_solutions(exercise.chapter):
            return Shown(NO_SOLUTIONS, f"<p>{NO_SOLUTIONS}</p>")
        if not is_passed(exercise):
            text = f"The solution of {exercise.name} is shown after it has passed. Try hint first."
            return Shown(text, f"<p>{html.escape(text)}</p>")
        source = reference_source(exercise)
    except CourseError as problem:
        return Shown(str(problem), f"<p>{html.escape(str(problem))}</p>")
    return Shown(source, f"<pre>{html.escape(source)}</pre>")


def progress(chapter: str | None = None) -> Shown:
    """What is done, and what is next: in one chapter, or in all."""
    try:
        names = [chapter] if chapter else chapters()
        every = [one for name in names for one in exercises(name)]
        known = read_progress()
        upcoming = next_exercise(chapter)
    except CourseError as problem:
        return Shown(str(problem), f"<p>{html.escape(str(problem))}</p>")
    states = [known.get(one.id, Done()).state(version_of(one)) for one in every]
    done = states.count("passed")
    lines = [f"{done} of {len(every)} exercises passed."]
    if upcoming:
        lines.append(
            f"Next: {numbers()[upcoming.id]}  {upcoming.title} ({upcoming.minutes} minutes)."
        )
    signs = {"passed": "✓", "tried": "✗", "changed": "↻", "known": "»", "new": "○"}
    items = [
        f"{signs[state]} {numbers()[one.id]}  {one.title}" + (" (stretch)" if one.stretch else "")
        for one, state in zip(every, states, strict=True)
    ]
    markup = "".join(f"<p style='margin:.2em 0'>{html.escape(line)}</p>" for line in lines)
    listed = "<br>".join(html.escape(item) for item in items)
    bar = f'<progress value="{done}" max="{len(every)}" aria-label="{lines[0]}"></progress>'
    return Shown("\n".join([*lines, *items]), f"{markup}{bar}<p style='margin:.2em 0'>{listed}</p>")
