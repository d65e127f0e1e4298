"""Fixtures for the tests of the autograder: seeds and a course folder of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import assignments, grading
from autograder.course import chapters
from autograder.wall import Wall, WallError, find_wall

CHAPTER = "memory_wall"
GRADING_SEED = 77


@pytest.fixture(scope="session", autouse=True)
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Grading seeds of the tests' own, always the same: inputs are then made once."""
    path = tmp_path_factory.mktemp("seeds") / "seeds.json"
    path.write_text(json.dumps(dict.fromkeys(chapters(), GRADING_SEED)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEYOND_PANDAS_SEEDS", str(path))
        yield path


@pytest.fixture(scope="session")
def wall() -> Wall:
    """The real wall; its absence skips by name."""
    try:
        return find_wall()
    except WallError as problem:
        pytest.skip(f"no wall: {problem}")


@pytest.fixture(scope="session")
def course_folder() -> Iterator[Path]:
    """A course folder with the chapter generated in it and an empty gradebook."""
    with assignments.temporary_course() as folder:
        assignments.generate(CHAPTER, folder)
        grading.warm_up(CHAPTER)
        yield folder
