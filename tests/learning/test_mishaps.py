"""What can go wrong on a laptop: a full disk, taken ports, a notebook cut short."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.cases import prepare, self_check_points
from autograder.course import exercises
from autograder.learning.progress import progress_file, record_hint

COURSE = [sys.executable, "-m", "autograder.cli"]
FRAME_BYTES, SHRINK = exercises("memory_wall")[:2]


def on_a_full_disk(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command with `folder` on a file system that has no room left for anything."""
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap is missing")
    before = folder.with_name("before")
    before.mkdir()
    program = (
        "import os, subprocess, sys\n"
        f"folder = {str(folder)!r}\n"
        f"saved = {{n: open('/kept/' + n, 'rb').read() for n in os.listdir('/kept')}}\n"
        "for name, content in saved.items():\n"
        "    open(os.path.join(folder, name), 'wb').write(content)\n"
        "try:\n"
        "    with open(os.path.join(folder, 'filler'), 'wb', buffering=0) as filler:\n"
        "        while True:\n"
        "            filler.write(b'x' * 512)\n"
        "except OSError:\n"
        "    pass\n"
        "done = subprocess.run(sys.argv[1:])\n"
        "print('kept:', all(open(os.path.join(folder, n), 'rb').read() == c"
        " for n, c in saved.items()))\n"
        "print('left:', sorted(set(os.listdir(folder)) - set(saved) - {'filler'}))\n"
        "sys.exit(done.returncode)\n"
    )
    return subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(folder), str(before),
         "--size", "65536", "--tmpfs", str(folder), "--", sys.executable, "-c",
         program.replace("/kept", str(before)), *COURSE, *words],
        capture_output=True, text=True, timeout=120, env={**os.environ},
    )  # fmt: skip


def test_without_space_left_progress_stays_whole_and_one_line_says_so(learner: Path) -> None:
    home = learner / "home"
    home.mkdir(exist_ok=True)
    (home / "padding").write_text("")
    record_hint(SHRINK)
    before = json.loads(progress_file().read_text())
    done = on_a_full_disk(home, "hint", "memory_wall.frame_bytes")
    assert done.returncode == 2, done
    assert len(done.stderr.strip().splitlines()) == 1
    assert "No space left" in done.stderr
    assert "kept: True" in done.stdout
    assert json.loads(progress_file().read_text()) == before


def test_a_taken_port_is_passed_over_by_sparks_page(tmp_path: Path) -> None:
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 4040))
            taken.listen()
        except OSError:
            pass  # someone else has taken it, which serves as well
        program = """
from autograder import watched
from pyspark.sql import SparkSession
with watched() as run:
    print(SparkSession.builder.getOrCreate().sparkContext.uiWebUrl)
"""
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=200
        )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "localhost:" in done.stdout and ":4040" not in done.stdout
    assert "Exception" not in done.stderr


def test_a_notebook_that_was_cut_short_is_told_and_left_as_it_is(learner: Path) -> None:
    subprocess.run([*COURSE, "start", "--no-browser"], check=True, capture_output=True)
    own = learner / "work" / "memory_wall.ipynb"
    own.write_bytes(own.read_bytes()[:2000])
    cut = own.read_bytes()
    for words in (
        ("check", FRAME_BYTES.id),
        ("start", "--no-browser"),
        ("reset", "--yes", SHRINK.id),
    ):
        done = subprocess.run([*COURSE, *words], capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr
        if words[0] != "start":
            assert done.returncode == 2
            assert len(done.stderr.strip().splitlines()) == 1
    assert own.read_bytes() == cut


def test_an_answer_that_only_a_helper_knows_is_told_where_to_stand(learner: Path) -> None:
    """An answer under a budget runs in a process of its own, where the script's names are known."""
    name = next(
        one.name
        for one in exercises("memory_wall")
        if any(
            call.budget_mb for point in self_check_points(one) for call in prepare(one, point).calls
        )
    )
    script = learner / "mine.py"
    script.write_text(
        "from autograder import check\n"
        "def helper():\n"
        f"    def {name}(*given):\n"
        "        return None\n"
        f"    return check({name})\n"
        "print(helper())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert "Define it at the outermost level" in done.stdout, done.stderr
    assert "Traceback" not in done.stderr
