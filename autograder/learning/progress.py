"""What a learner has done so far, kept on their machine.

One JSON file, written whole under a lock, so that a kill or two notebooks at once lose nothing. An
exercise that was changed after it was passed says so and is offered again; what was earned stays.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from autograder.checking import Exercise
from autograder.course import CourseError, chapters, checks_file, content_hash, exercises, locked

SCHEMA = 1


@dataclass(frozen=True)
class Done:
    """What is known of one exercise.

    Attributes:
        passed: the version of the exercise that was passed last; "" if none was.
        points: the most that was earned, of `max_points`.
        tries: how often it was checked.
        hints: how many hints were shown.
        at: when it was checked last, in UTC, as ISO 8601.
        placed: when a placement quiz showed that it need not be done, likewise; "" if none did.
    """

    passed: str = ""
    points: float = 0.0
    max_points: float = 0.0
    tries: int = 0
    hints: int = 0
    at: str = ""
    placed: str = ""

    def state(self, version: str) -> str:
        """ "passed", "changed" since it was passed, "tried", "known" by a quiz, or "new"."""
        if self.passed:
            return "passed" if self.passed == version else "changed"
        if self.tries:
            return "tried"
        return "known" if self.placed else "new"


def data_folder() -> Path:
    """Where the learner's own data lies: `BEYOND_PANDAS_HOME`, or the user's folder for such."""
    named = os.environ.get("BEYOND_PANDAS_HOME")
    if named:
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "beyond-pandas"
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "beyond-pandas"


def progress_file() -> Path:
    return data_folder() / "progress.json"


@cache
def version_of(exercise: Exercise) -> str:
    """Changes when the exercise's text, its given code or its checks do."""
    from autograder.assignments import released_sources

    released = released_sources(exercise.chapter)
    parts = [released.get(f"text_{exercise.name}", ""), released.get(exercise.name, "")]
    return content_hash(*parts, checks_file(exercise).read_bytes())


def read_progress() -> dict[str, Done]:
    """What was done, by the exercise's id.

    A file that cannot be read is put aside under another name: nothing that was kept is deleted.

    Raises:
        CourseError: the file is of a later version of the course, or cannot be opened.
    """
    path = progress_file()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise CourseError(f"your progress in {path} cannot be read: {problem}") from problem
    except ValueError:
        return _put_aside(path)
    if isinstance(data, dict) and isinstance(data.get("schema"), int) and data["schema"] > SCHEMA:
        raise CourseError(
            f"your progress in {path} was written by a later version of the course: update this one"
        )
    try:
        return {id: Done(**_known(one)) for id, one in data["exercises"].items()}
    except (KeyError, TypeError, AttributeError):
        return _put_aside(path)


def _known(one: dict[str, Any]) -> dict[str, Any]:
    """The fields that this version knows, if they have the types they should have."""
    found = {name: one[name] for name in asdict(Done()) if name in one}
    for name, value in found.items():
        if not isinstance(value, (int, float) if name in {"points", "max_points"} else (
            int if name in {"tries", "hints"} else str
        )):  # fmt: skip
            raise TypeError(name)
    return found


def _put_aside(path: Path) -> dict[str, Done]:
    number = 1
    while (aside := path.with_suffix(f".unreadable-{number}.json")).exists():
        number += 1
    os.replace(path, aside)
    print(f"Your progress could not be read; it was put aside as {aside.name}.", file=sys.stderr)
    return {}


def _update(exercise: Exercise, change: Callable[[Done], Done]) -> Done:
    path = progress_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent / ".progress.lock"):
            known = read_progress()
            done = change(known.get(exercise.id, Done()))
            known[exercise.id] = done
            data = {"schema": SCHEMA, "exercises": {id: asdict(o) for id, o in known.items()}}
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=path.parent, prefix=".progress-", delete=False
            ) as part:
                json.dump(data, part, indent=1)
                part.flush()
                os.fsync(part.fileno())
            os.replace(part.name, path)
    except OSError as problem:
        raise CourseError(f"your progress cannot be kept in {path}: {problem}") from problem
    return done


def record_check(exercise: Exercise, passed: bool, points: float, max_points: float) -> Done:
    """Keep what a check came to. Points once earned are not lost by a later try."""
    version = version_of(exercise)
    now = datetime.now(UTC).isoformat(timespec="seconds")

    def change(done: Done) -> Done:
        return replace(
            done,
            passed=version if passed else done.passed,
            points=max(points, done.points),
            max_points=max_points,
            tries=done.tries + 1,
            at=now,
        )

    return _update(exercise, change)


def record_hint(exercise: Exercise) -> int:
    """Count one more hint as shown; its number, from 1 to the number of hints there are."""
    many = len(exercise.hints)
    return _update(exercise, lambda done: replace(done, hints=min(done.hints + 1, many))).hints


def record_placed(exercise: Exercise) -> None:
    """Keep that a placement quiz showed the exercise to be known."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    _update(exercise, lambda done: replace(done, placed=now))


def forget(exercise: Exercise) -> None:
    """Begin an exercise anew, as `course reset` does."""
    _update(exercise, lambda done: Done())


def is_passed(exercise: Exercise) -> bool:
    """Whether any version of the exercise was passed."""
    return bool(read_progress().get(exercise.id, Done()).passed)


def next_exercise(chapter: str | None = None) -> Exercise | None:
    """The first exercise, in the book's order, that is not passed in its present version.

    Stretch exercises come after all others, and those that a quiz showed to be known do not come.
    None: everything is done.
    """
    known = read_progress()
    every = [one for name in ([chapter] if chapter else chapters()) for one in exercises(name)]
    for one in sorted(every, key=lambda one: one.stretch):  # stable: the order else stays
        if known.get(one.id, Done()).state(version_of(one)) not in {"passed", "known"}:
            return one
    return None
