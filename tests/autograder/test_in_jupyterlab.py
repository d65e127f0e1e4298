"""A learner's notebook in a real JupyterLab, in a real browser."""

from __future__ import annotations

import json
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

import nbformat
import pytest

from autograder import sample_class
from autograder.answers import wrong_answers
from autograder.assignments import reference_source
from autograder.course import exercise

pytestmark = pytest.mark.slow

CHAPTER = "memory_wall"
RIGHT, WRONG = "mean_value_by_city", "join_rows"
# The lab asks whether it may fetch news; a test wants peace.
SETTINGS = {"apputils-extension/notification": {"fetchNews": "false"}}
SHOTS = os.environ.get("COURSE_SCREENSHOTS")  # a folder, for who wants to look


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab that serves one student's notebook."""
    folder = tmp_path_factory.mktemp("lab")
    wrong = wrong_answers(exercise(CHAPTER, WRONG))[0]
    filled = sample_class._filled(
        CHAPTER, {RIGHT: reference_source(exercise(CHAPTER, RIGHT)), WRONG: wrong.source}
    )
    nbformat.write(filled, folder / f"{CHAPTER}.ipynb")
    for name, settings in SETTINGS.items():
        path = folder / ".settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(settings))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / ".config"),
        "JUPYTER_DATA_DIR": str(folder / ".data"),
        "IPYTHONDIR": str(folder / ".ipy"),
        "JUPYTER_RUNTIME_DIR": str(folder / ".run"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
    }
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        f"--port={port}", "--ip=127.0.0.1", f"--notebook-dir={folder}",
        "--IdentityProvider.token=",
    ]  # fmt: skip
    with open(folder / "log.txt", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=2)
                break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError((folder / "log.txt").read_text()[-3000:]) from None
                time.sleep(0.25)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def test_a_learner_runs_the_notebook_and_reads_the_reports(lab: str, browser: Any) -> None:
    from playwright.sync_api import Locator, expect

    # So high that every cell is in sight: others are not in the page at all.
    page = browser.new_page(viewport={"width": 1280, "height": 15_000})
    page.goto(f"{lab}/doc/tree/{CHAPTER}.ipynb")
    expect(page.locator(".jp-Notebook")).to_be_visible(timeout=60_000)
    # Now and then the lab takes the command and does nothing: it is given until a cell runs.
    started = page.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[(\*|\d+)\]"))
    status = page.locator(".jp-Notebook-ExecutionIndicator").first
    expect(status).to_have_attribute("data-status", "idle", timeout=60_000)
    for _ in range(6):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("Run All Cells$")).first.click()
        try:
            expect(started.first).to_be_attached(timeout=5_000)
            break
        except AssertionError:
            page.keyboard.press("Escape")

    def report(name: str) -> Locator:
        cell = page.locator(".jp-CodeCell").filter(has_text=f"check({name})")
        return cell.locator(".jp-OutputArea-output").last  # the first told of progress

    expect(report(RIGHT)).to_contain_text("passed", timeout=120_000)
    expect(report(WRONG)).to_contain_text("not yet", timeout=120_000)
    sentence = wrong_answers(exercise(CHAPTER, WRONG))[0].sentence
    expect(report(WRONG)).to_contain_text(sentence)
    if SHOTS:
        report(WRONG).screenshot(path=str(Path(SHOTS) / "lab.png"))
