"""Quizzes as the book has them, placement by them, and predictions before a cell is run."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import predict
from autograder.cli import course
from autograder.course import ROOT, chapters, exercises
from autograder.learning.predicting import predictions
from autograder.learning.progress import next_exercise, read_progress, record_check
from autograder.learning.quiz import questions
from autograder.selfcheck import hint, progress


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapters_quiz_has_one_right_option_a_question_and_speaks_to_each(chapter: str) -> None:
    asked = questions(chapter)
    page = (ROOT / "book" / f"{chapter}.md").read_text()
    assert len(asked) == page.partition("## Quiz")[2].count("```{dropdown}") >= 3
    for question in asked:
        assert len(question.options) >= 3, question.text
        assert all(option.text and len(option.said) > 3 for option in question.options)


@pytest.mark.parametrize("chapter", chapters())
def test_predictions_stand_in_their_notebook_with_a_sentence_for_the_right_guess(
    chapter: str,
) -> None:
    source = (ROOT / "solutions" / f"{chapter}.py").read_text()
    ours = [n for n in predictions() if f'predict("{n}"' in source]
    assert ours or chapter == "start_here"
    for name in ours:
        one = predictions()[name]
        assert one.right in one.said and len(one.said) >= 3


def test_a_prediction_is_told_what_speaks_against_it() -> None:
    assert predict("rows_of_a_join", 13).right
    assert "missing keys" in repr(predict("rows_of_a_join", 12))
    assert "You expect 99." in repr(predict("rows_of_a_join", 99))
    assert "in place of ..." in repr(predict("rows_of_a_join", ...))
    assert "You expect" not in repr(predict("rows_of_a_join", [1]))
    assert "rows_of_a_join" in repr(predict("no_such_thing", 1))


def _answer(chapter: str, wrong: int) -> str:
    lines = []
    for number, question in enumerate(questions(chapter)):
        places = [p for p, o in enumerate(question.options, 1) if o.right != (number < wrong)]
        lines.append(str(places[0]))
    return "\n".join(lines) + "\n"


def test_who_knows_the_quiz_begins_after_the_first_two_exercises() -> None:
    done = CliRunner().invoke(course, ["placement", "memory_wall"], input=_answer("memory_wall", 0))
    assert done.exit_code == 0, done.output
    third = exercises("memory_wall")[2]
    assert next_exercise("memory_wall") == third
    assert third.title in done.output
    assert "» known" in CliRunner().invoke(course, ["list", "memory_wall"]).output
    record_check(exercises("memory_wall")[0], True, 10, 10)  # it may be done all the same
    assert read_progress()["memory_wall.frame_bytes"].points == 10


def test_who_does_not_begins_at_the_beginning(learner: Path) -> None:
    done = CliRunner().invoke(course, ["placement", "memory_wall"], input=_answer("memory_wall", 2))
    assert done.exit_code == 0
    assert next_exercise("memory_wall") == exercises("memory_wall")[0]
    assert "begin with" in done.output


def test_progress_is_shown_in_a_notebook() -> None:
    record_check(exercises("memory_wall")[0], True, 10, 10)
    shown = progress("memory_wall")
    assert repr(shown).startswith("1 of 8 exercises passed.")
    assert "Next: " in repr(shown) and exercises("memory_wall")[1].title in repr(shown)
    assert 'aria-label="1 of 8' in shown._repr_html_()
    assert "no chapter" in repr(progress("nowhere")) or "nowhere" in repr(progress("nowhere"))


def test_hint_without_a_name_asks_for_one() -> None:
    assert "name the exercise" in repr(hint())
