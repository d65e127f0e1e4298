"""The students, one by one."""

from __future__ import annotations

from nbformat.v4 import new_code_cell

from autograder import sample_class as made
from autograder.course import exercises
from autograder.sample_class import Student


def members(chapter: str) -> list[Student]:
    """The class of `chapter`: what can happen to a notebook, one student each."""
    order = exercises(chapter)
    names = [one.name for one in order]
    half = names[: len(names) // 2]
    everything, first_half = made._references(chapter), made._references(chapter, half)
    full, full_half = made._full(chapter), made._full(chapter, half)
    slip = next(one for one in order if one.name == "mean_value_by_city")
    source, sentence, points = made._wrong(slip, "wrong_mean_of_chunk_means")
    endless = "import time\n\nwhile True:\n    time.sleep(0.1)"

    def with_first_cell(code: str) -> bytes:
        notebook = made._filled(chapter, first_half)
        at = next(i for i, c in enumerate(notebook.cells) if c.cell_type == "code") + 1
        notebook.cells.insert(at, new_code_cell(code))
        return made._bytes(notebook)

    noisy = (
        "import logging\nimport sys\nimport warnings\n\n"
        "logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)\n"
        "logging.getLogger('me').warning('about to start')\n"
        "warnings.warn('this is only a warning')\n"
        "print('42 points', file=sys.stderr)\n\n"
    )

    return [
        Student("ada", "all right", lambda c: made._bytes(made._filled(c, everything)), full),
        Student(
            "ben",
            "half right, the other half as it was handed out",
            lambda c: made._bytes(made._filled(c, first_half)),
            full_half,
            ("not attempted",),
        ),
        Student(
            "chi",
            "untouched",
            lambda c: made._bytes(made._filled(c, {})),
            {},
            ("not attempted",),
        ),
        Student(
            "dov",
            "one named misconception, the rest right",
            lambda c: made._bytes(made._filled(c, {**everything, slip.name: source})),
            {**full, slip.name: points},
            (sentence,),
        ),
        Student(
            "eve",
            "a file that is not valid JSON",
            lambda c: made._bytes(made._filled(c, everything))[:-40],
            {},
            ("not valid JSON",),
            "ungradable",
        ),
        Student(
            "fay",
            "half right, with a cell that stands twice",
            lambda c: made._duplicated(c, first_half),
            full_half,
            ("occurs more than once",),
        ),
        Student(
            "gus",
            "half right, after a cell that never ends",
            lambda c: with_first_cell(endless),
            full_half,
            ("had not finished in time",),
        ),
        Student(
            "hal",
            "half right, and everything is logged to stderr",
            lambda c: made._bytes(made._filled(c, {n: noisy + s for n, s in first_half.items()})),
            full_half,
        ),
    ]
