"""A learner's notebook is made once, and never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from autograder.course import CourseError, exercises
from autograder.learning import workplace

CHAPTER = "memory_wall"
NAME = exercises(CHAPTER)[0].name


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the course hands out, in a file that a test can change."""
    path = tmp_path / "upstream.ipynb"
    path.write_bytes(workplace.handed_out(CHAPTER).read_bytes())
    monkeypatch.setattr(workplace, "handed_out", lambda chapter: path)
    return path


def _change(path: Path, name: str, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source = source
    nbformat.write(notebook, path)


def _answer(path: Path) -> str:
    return next(
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == NAME
    )


def test_it_is_made_and_then_left_alone(upstream: Path) -> None:
    assert "yours to write in" in workplace.prepare_notebook(CHAPTER)
    own = workplace.own_notebook(CHAPTER)
    _change(own, NAME, "mine = 1")
    before = own.read_bytes()
    assert workplace.prepare_notebook(CHAPTER) == ""
    assert own.read_bytes() == before


def test_a_new_version_takes_the_place_of_an_untouched_one(upstream: Path) -> None:
    workplace.prepare_notebook(CHAPTER)
    _change(upstream, NAME, "new = 1")
    assert "now the new version" in workplace.prepare_notebook(CHAPTER)
    assert _answer(workplace.own_notebook(CHAPTER)) == "new = 1"


def test_a_new_version_lies_beside_what_the_learner_wrote(upstream: Path) -> None:
    workplace.prepare_notebook(CHAPTER)
    own = workplace.own_notebook(CHAPTER)
    _change(own, NAME, "mine = 1")
    for source in ("new = 1", "new = 2"):
        _change(upstream, NAME, source)
        assert "lies beside it" in workplace.prepare_notebook(CHAPTER)
        assert workplace.prepare_notebook(CHAPTER) == ""
    assert _answer(own) == "mine = 1"
    beside = sorted(own.parent.glob(f"{CHAPTER}.new*.ipynb"))
    assert {_answer(path) for path in beside} == {"new = 1", "new = 2"}


def test_what_was_reset_is_kept(upstream: Path) -> None:
    workplace.prepare_notebook(CHAPTER)
    own = workplace.own_notebook(CHAPTER)
    given = _answer(own)
    _change(own, NAME, "mine = 1")
    kept = [workplace.reset(CHAPTER, exercises(CHAPTER)[0]) for _ in range(2)]
    assert _answer(own) == given
    assert [_answer(path) for path in kept] == ["mine = 1", given]
    _change(own, "setup_0", "broken(")
    workplace.reset(CHAPTER)
    assert own.read_bytes() == upstream.read_bytes()


def test_a_notebook_that_cannot_be_read_is_told(upstream: Path) -> None:
    with pytest.raises(CourseError, match="course start"):
        workplace.read_own(CHAPTER)
    workplace.prepare_notebook(CHAPTER)
    workplace.own_notebook(CHAPTER).write_text("no notebook")
    with pytest.raises(CourseError, match="not valid JSON"):
        workplace.read_own(CHAPTER)
    with pytest.raises(CourseError, match="reset the whole notebook"):
        workplace.reset(CHAPTER, exercises(CHAPTER)[0])
    assert workplace.prepare_notebook(CHAPTER) == "", "the learner's file is left alone"
    json.loads(workplace.handed_out(CHAPTER).read_text())


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BEYOND_PANDAS_WORK", str(tmp_path / "file" / "work"))
    with pytest.raises(CourseError, match="cannot be written"):
        workplace.prepare_notebook(CHAPTER)
