"""The book: its pages exist, its figures can be read aloud, and it builds."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.course import ROOT, chapters, exercises
from autograder.publishing.book import build
from autograder.publishing.fingerprints import code_of
from autograder.publishing.page_cache import executions
from tests.book.epubs import opened

BOOK = ROOT / "book"
# The theme writes one constant of a launch button twice; nothing of ours uses it.
THEME = "Identifier 'THEBE_JS_URL' has already been declared"


def pages() -> list[str]:
    contents = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
    return [contents["root"]] + [c["file"] for part in contents["parts"] for c in part["chapters"]]


@pytest.mark.parametrize("page", pages())
def test_a_page_of_the_contents_exists(page: str) -> None:
    assert (BOOK / f"{page}.md").exists()


@pytest.mark.parametrize("chapter", chapters())
def test_reports_point_to_sections_that_exist(chapter: str) -> None:
    text = (BOOK / f"{chapter}.md").read_text(encoding="utf-8")
    labels = set(re.findall(r"^\((.+)\)=$", text, flags=re.MULTILINE))
    missing = {one.name: one.section for one in exercises(chapter) if one.section not in labels}
    assert not missing


def test_a_section_has_a_name_of_its_own() -> None:
    """Reports and other pages point to it by that name alone."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in BOOK.glob("*.md"))
    named = re.findall(r"^\((.+)\)=$", text, re.MULTILINE)
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("page", pages())
def test_every_figure_says_what_it_shows(page: str) -> None:
    text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    for cell in re.findall(r"```\{code-cell\}.*?\n```", text, flags=re.DOTALL):
        if ("draw(" in cell or "plt.show()" in cell) and "def " not in cell:
            found = re.search(r"alt: (.+)", cell)
            assert found and len(found.group(1)) > 60, cell


def test_a_job_over_its_budget_ends_in_a_memory_error_and_leaves_us_alive(tmp_path: Path) -> None:
    sys.path.insert(0, str(BOOK))
    try:
        from wall import run  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(BOOK))
    path = tmp_path / "nothing"
    died = run("answer = len(bytearray(300 * 2**20))", str(path), budget_mb=100)
    lived = run("answer = len(bytearray(300 * 2**20))", str(path), budget_mb=400)
    assert died.outcome in {"MemoryError", "killed"}
    assert (lived.outcome, lived.answer) == ("finished", str(300 * 2**20))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book's HTML, built once, in a copy, so that nothing is taken from a cache."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "benchmarks").mkdir()
    shutil.copy(ROOT / "benchmarks" / "results.json", folder / "benchmarks")
    shutil.copy(ROOT / "CONTRIBUTING.md", folder)  # a page shows it
    copy = folder / "book"
    shutil.copytree(BOOK, copy, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    builder = Path(sys.executable).parent / "jupyter-book"
    done = subprocess.run(
        [str(builder), "build", "-W", "-n", str(copy)], capture_output=True, text=True, timeout=1500
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return copy / "_build" / "html"


@pytest.mark.slow
def test_the_book_builds_without_a_warning_and_every_cell_runs(built: Path) -> None:
    page = (built / "memory_wall.html").read_text(encoding="utf-8")
    assert "Traceback" not in page
    assert page.count("MemoryError") >= 2


@pytest.mark.slow
def test_pages_open_without_an_error_and_ask_no_other_host(built: Path) -> None:
    from playwright.sync_api import sync_playwright

    if not shutil.which("chromium"):
        pytest.skip("chromium is missing")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name in pages():
            for width in (1280, 360):
                page = browser.new_page(viewport={"width": width, "height": 900})
                failed: list[str] = []
                asked: list[str] = []
                listen: Any = page.on
                listen("pageerror", lambda error, failed=failed: failed.append(str(error)))
                listen("requestfailed", lambda one, failed=failed: failed.append(one.url))
                listen("request", lambda one, asked=asked: asked.append(one.url))
                page.goto((built / f"{name}.html").as_uri())
                page.wait_for_load_state("networkidle")
                assert not set(failed) - {THEME}
                assert all(url.startswith(("file:", "data:")) for url in asked), asked
                if name != "threat_model":  # its table of test names is too wide for a phone
                    assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.close()
        browser.close()


@pytest.mark.slow
def test_each_chapter_shows_its_exercises_and_hands_out_their_notebook(built: Path) -> None:
    for chapter in chapters():
        page = (built / f"{chapter}.html").read_text(encoding="utf-8")
        shown = re.findall(r'<section class="exercise" id="exercise-([a-z-]+)"', page)
        assert shown == [one.name.replace("_", "-") for one in exercises(chapter)]
        (link,) = re.findall(rf'href="(_downloads/[^"]+/{chapter}\.ipynb)"', page)
        handed_out = ROOT / "exercises" / chapter / f"{chapter}.ipynb"
        assert (built / link).read_bytes() == handed_out.read_bytes()
        assert "BEGIN SOLUTION" not in page


@pytest.mark.slow
def test_the_status_page_has_a_row_for_each_page_that_runs(built: Path) -> None:
    page = (built / "status.html").read_text(encoding="utf-8")
    noted = executions(built.parent / ".jupyter_cache")
    with_code = {name for name in pages() if code_of(BOOK / f"{name}.md")}
    assert {one.page for one in noted.values()} == with_code
    for one in noted.values():
        assert one.seconds > 0 and one.peak_mb > 10
        assert f"{one.seconds:,.0f} s" in page and f"{one.peak_mb:,.0f} MiB" in page


@pytest.mark.slow
def test_the_whole_book_is_an_epub_that_opens(built: Path) -> None:
    made = build("epub", built.parent.parent)
    assert made.executed == ()  # the same sources, and the same executions
    opened_pages = opened(made.path)
    for name in pages():
        text = "".join(opened_pages[f"{name}.xhtml"].itertext())
        assert len(text) > 200, name
