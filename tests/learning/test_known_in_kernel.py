"""Each answer on file, checked in a process that has run the chapter's set-up cell, as a notebook's
kernel has: what a report calls it there, and what stands beside the report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import shop

from autograder.answers import answers
from autograder.course import chapters, exercises

PROGRAM = """
import json, os, sys
from autograder import selfcheck
from autograder.answers import answers
from autograder.assignments import setup_source
from autograder.course import exercises
from autograder.learning import kernel, warming

kernel.in_notebook = lambda: True
warming.begin = lambda chapter: None
chapter, beside = sys.argv[1], open(sys.argv[2], "w+b")
told = os.fdopen(os.dup(1), "w")
os.dup2(beside.fileno(), 2)  # the JVM writes there, too
for one in exercises(chapter):
    for answer in answers(one):
        beside.seek(0)
        beside.truncate()
        cells = [setup_source(chapter), answer.source]
        names = {"__name__": "__main__"}
        exec(compile("\\n\\n".join(cells), "<answer>", "exec"), names)
        selfcheck._cells_run = lambda function: cells  # what a notebook's history would give
        sys.stdout = open(os.devnull, "w")  # an answer may print
        verdict = selfcheck.check_answer(names[one.name], one)
        sys.stderr.flush()
        beside.seek(0)
        found = verdict.finding
        line = {
            "answer": f"{one.name}: {answer.name}",
            "said": "right" if verdict.state == "passed" else f"wrong_{found.misconception}",
            "headline": found.headline if found else "",
            "beside": beside.read().decode(errors="replace"),
        }
        print(json.dumps(line), file=told, flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("chapter", chapters())
def test_each_answer_is_known_in_a_kernel_and_nothing_stands_beside_its_report(
    chapter: str, tmp_path: Path
) -> None:
    for size in ("tiny", "small"):
        shop.make(size)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, chapter, str(tmp_path / "beside")],
        capture_output=True, text=True, timeout=3_000, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:] or (tmp_path / "beside").read_text()[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == sum(len(answers(one)) for one in exercises(chapter))
    unlike = []
    for line in lines:
        name = line["answer"].partition(": ")[2]
        if line["said"] != ("right" if name.startswith("right_") else name):
            unlike.append((line["answer"], line["said"], line["headline"]))
        shown = [one for one in line["beside"].splitlines() if not one.startswith("netlib-")]
        if shown:
            unlike.append((line["answer"], "beside its report", "\n".join(shown)[:500]))
    assert not unlike, "\n".join(map(str, unlike))
