"""nbgrader's formgrader on a class that was graded by ours, in a real browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.answers import wrong_answers
from autograder.assignments import reference_source
from autograder.course import ROOT, exercise
from autograder.verdict import points_left
from tests.classroom.courses import CHAPTER, Course, copy_of_the_course

pytestmark = pytest.mark.slow

EASY = exercise(CHAPTER, "frame_bytes")
MISTAKE = wrong_answers(EASY)[0]
STUDENTS = {"ada": {EASY.name: reference_source(EASY)}, "bea": {EASY.name: MISTAKE.source}}
SHOTS = os.environ.get("COURSE_SCREENSHOTS")  # a folder, for who wants to look


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, wall: object) -> Iterator[Course]:
    course = copy_of_the_course(tmp_path_factory.mktemp("formgrader"))
    for who, answers in STUDENTS.items():
        course.submit(who, answers)
    course.submit("eve", {}).write_text("{not json")
    course.run("grade", CHAPTER)
    yield course
    course.close()


@pytest.fixture(scope="module")
def server(graded: Course) -> Iterator[str]:
    """The address of a Jupyter server that was started in the course's folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: str(graded.folder / ".jupyter" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR")
    }
    environment = {
        **os.environ,
        **own,
        "PYTHONPATH": f"{graded.folder}{os.pathsep}{ROOT / 'datasets'}",
        "BEYOND_PANDAS_SEEDS": str(graded.seeds),
    }
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=",
    ]  # fmt: skip
    log = graded.folder / "log.txt"
    with open(log, "w") as told:
        process = subprocess.Popen(
            command, cwd=graded.folder, env=environment, stdout=told, stderr=told
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(480):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2)
                break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(log.read_text()[-3000:]) from None
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def test_submissions_are_listed_a_report_is_read_and_what_a_person_gives_stays(
    graded: Course, server: str, browser: Any
) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    # What it wants from elsewhere is refused at once, as on a machine without a network.
    page.route("**/*", lambda r: r.continue_() if r.request.url.startswith(server) else r.abort())

    def shot(name: str) -> None:
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"formgrader-{name}.png"))

    page.goto(f"{server}/formgrader/manage_submissions/{CHAPTER}")
    for who in (*STUDENTS, "eve"):
        row = page.locator("tr").filter(has_text=who)
        expect(row).to_contain_text("graded", timeout=60_000)
    shot("submissions")
    with graded.gradebook() as book:
        number = book.find_submission_notebook(CHAPTER, CHAPTER, "bea").id
    page.goto(f"{server}/formgrader/submissions/{number}")
    cell = page.locator(".nbgrader_cell").filter(has=page.locator(f"#check_{EASY.name}"))
    output = page.locator(".output").filter(has_text=MISTAKE.sentence)
    expect(output).to_be_visible(timeout=60_000)
    expect(output).to_contain_text("not yet")
    points = cell.locator("input.score")
    left = re.compile(f"^{points_left(EASY, MISTAKE.fails):g}(\\.0)?$")
    expect(points).to_have_attribute("placeholder", left, timeout=60_000)
    output.scroll_into_view_if_needed()
    shot("report")
    with page.expect_response(lambda r: "/api/grade/" in r.url and r.request.method == "PUT"):
        points.fill("7")
        points.blur()  # it is saved when one goes on
    comment = page.locator(f"#{EASY.name}-comment")
    with page.expect_response(lambda r: "/api/comment/" in r.url and r.request.method == "PUT"):
        comment.fill("Nearly: *count* the bytes once more.")
        comment.blur()
    shot("by-hand")
    for words in ((), ("--force",)):
        graded.run("grade", CHAPTER, *words)
        assert graded.scores("bea")[EASY.name] == 7
    pages = graded.classroom / "feedback"
    feedback = (pages / "bea" / CHAPTER / f"{CHAPTER}.html").read_text()
    assert "Nearly: <em>count</em> the bytes once more." in feedback
    assert "7 of 10" in feedback and "No response." not in feedback


def test_feedback_fits_a_phone_names_the_exercises_and_fetches_nothing(
    graded: Course, browser: Any
) -> None:
    from playwright.sync_api import expect

    file = graded.classroom / "feedback" / "bea" / CHAPTER / f"{CHAPTER}.html"
    wanted: list[str] = []
    for width in (1280, 360):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("request", lambda request: wanted.append(request.url))
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in wanted if not url.startswith(("file:", "data:"))] == []
        expect(page.locator("#toc")).to_contain_text(EASY.title)
        page.get_by_role("link", name=EASY.title, exact=True).click()
        report = page.locator(".output").filter(has_text=MISTAKE.sentence)
        expect(report).to_be_in_viewport()
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"feedback-{width}.png"))
        page.close()
