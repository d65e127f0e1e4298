"""A learner's first minutes in a real JupyterLab, in a real browser: one exercise of each chapter.

The lab is started by `course start`, the set-up cell run, an answer typed, run and checked.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.answers import wrong_answers
from autograder.assignments import reference_source
from autograder.course import chapters, exercises

pytestmark = pytest.mark.slow

# The lab asks whether it may fetch news; a test wants peace. Brackets typed are brackets meant.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false"},
    "notebook-extension/tracker": {"windowingMode": "none"},
}
SHOTS = os.environ.get("COURSE_SCREENSHOTS")  # a folder, for who wants to look


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    return browser.new_page(viewport={"width": 1280, "height": 1000})


@pytest.fixture(params=chapters())
def started(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """(chapter, address of its notebook), served by `course start`."""
    for name, settings in SETTINGS.items():
        path = tmp_path / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))
    config = tmp_path / "config" / "jupyter_server_config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"ServerApp": {"allow_root": True}}))
    environment = {
        **os.environ,
        "BROWSER": "true",  # the browser is ours
        "JUPYTER_CONFIG_DIR": str(config.parent),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    chapter = request.param
    with open(tmp_path / "log.txt", "w") as log:
        lab = subprocess.Popen(
            [sys.executable, "-m", "autograder.cli", "start", exercises(chapter)[0].id],
            env=environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield chapter, _address(tmp_path, chapter, lab)
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(30)


def _address(folder: Path, chapter: str, lab: subprocess.Popen[bytes]) -> str:
    late = time.monotonic() + 180
    while time.monotonic() < late and lab.poll() is None:
        for told in (folder / "run").glob("jpserver-*.json"):
            server = json.loads(told.read_text())
            return f"{server['url']}doc/tree/{chapter}.ipynb?token={server['token']}"
        time.sleep(0.25)
    raise RuntimeError((folder / "log.txt").read_text()[-3000:])


def test_an_answer_is_typed_run_checked_and_its_report_read(
    started: tuple[str, str], page: Any
) -> None:
    from playwright.sync_api import expect

    chapter, address = started
    one = exercises(chapter)[0]
    wrong = wrong_answers(one)[0]
    page.goto(address)
    status = page.locator(".jp-Notebook-ExecutionIndicator").first
    expect(status).to_have_attribute("data-status", "idle", timeout=90_000)

    def run(cell: Any, text: str | None = None) -> None:
        editor, prompt = cell.locator(".cm-content").first, cell.locator(".jp-InputPrompt")
        before = prompt.inner_text()
        editor.click()
        if text is not None:
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(text)
        for _ in range(6):  # now and then the lab takes the keys and does nothing
            page.keyboard.press("Control+Enter")
            try:
                expect(prompt).not_to_have_text(before, timeout=5_000)
                break
            except AssertionError:
                page.keyboard.press("Escape")
                editor.click()

    def cell_with(text: str) -> Any:
        return page.locator(".jp-CodeCell").filter(has_text=text).first

    run(cell_with("from autograder import"))
    answer, checked = cell_with(f"def {one.name}("), cell_with(f"check({one.name})")
    report = checked.locator(".jp-OutputArea-output").last  # the first told of progress
    run(answer, wrong.source)
    run(checked)
    expect(report).to_contain_text("not yet", timeout=180_000)
    expect(report).to_contain_text(wrong.sentence)
    if SHOTS:
        checked.screenshot(path=str(Path(SHOTS) / f"lab-{chapter}-wrong.png"))
    run(answer, reference_source(one))
    run(checked)
    expect(report).to_contain_text("✓ passed", timeout=180_000)
    if SHOTS:
        checked.screenshot(path=str(Path(SHOTS) / f"lab-{chapter}-right.png"))
    stderr = page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]')
    expect(stderr).to_have_count(0)
