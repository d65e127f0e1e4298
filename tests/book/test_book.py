"""The book: its pages exist, its figures can be read aloud, and it builds."""

from __future__ import annotations

import functools
import html
import http.server
import os
import posixpath
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from autograder.course import ROOT, chapters, exercises
from autograder.publishing.book import build
from autograder.publishing.fingerprints import code_of
from autograder.publishing.page_cache import executions
from tests.book.epubs import opened

BOOK = ROOT / "book"
SIZES = (("light", 1280), ("dark", 1280), ("light", 360))
PHONE = 360


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
    """The book's HTML, built once, in a copy, so that nothing is taken from a cache.

    Where BOOK_HTML names a folder, the book was built there, and it is looked at as it is.
    """
    if "BOOK_HTML" in os.environ:
        return Path(os.environ["BOOK_HTML"]).resolve()
    folder = tmp_path_factory.mktemp("built")
    (folder / "benchmarks").mkdir()
    shutil.copy(ROOT / "benchmarks" / "results.json", folder / "benchmarks")
    shutil.copy(ROOT / "CONTRIBUTING.md", folder)  # a page shows it
    copy = folder / "book"
    shutil.copytree(BOOK, copy, ignore=shutil.ignore_patterns("_build", "__pycache__"))
    builder = Path(sys.executable).parent / "jupyter-book"
    done = subprocess.run(
        [str(builder), "build", "-W", "-n", str(copy)], capture_output=True, text=True, timeout=3000
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return copy / "_build" / "html"


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """Where the book is served: a port of this machine's loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(built))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Opened:
    """A page in the browser, and what went wrong while it was open."""

    def __init__(self, browser: Any, url: str, theme: str = "light", width: int = 1280):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme
        )
        self.context.set_default_timeout(120_000)  # a slow machine is no fault of the page
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._console)
        self.page.on("requestfailed", lambda one: self.wrong.append(one.url))
        self.page.on("response", self._response)
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.wrong.append(message.text)

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status} {response.url}")

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


@pytest.mark.slow
def test_the_book_builds_without_a_warning_and_every_cell_runs(built: Path) -> None:
    page = (built / "memory_wall.html").read_text(encoding="utf-8")
    assert "Traceback" not in page
    assert page.count("MemoryError") >= 2


# Too wide for the window, or hidden behind its edge, without a box around it that scrolls.
OVER = """() => [...document.querySelectorAll('article *')].filter(e => {
  const r = e.getBoundingClientRect();
  if (!r.width || !r.height || r.right <= innerWidth + 1) return false;
  for (let p = e.parentElement; p; p = p.parentElement) {
    if (getComputedStyle(p).overflowX !== 'visible') return false;
  }
  return true;
}).map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.slow
@pytest.mark.parametrize(("theme", "width"), SIZES)
@pytest.mark.parametrize("name", [*pages(), "search"])
def test_a_page_opens_whole_and_for_everyone(
    browser: Any, address: str, name: str, theme: str, width: int
) -> None:
    """No error, no request to another host, no serious finding of axe, no sideways scrolling."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    with Opened(browser, f"{address}/{name}.html", theme, width) as opened:
        assert opened.wrong == []
        elsewhere = [one for one in opened.asked if not one.startswith((address, "data:", "blob:"))]
        assert elsewhere == []
        assert opened.page.evaluate("document.documentElement.dataset.theme") == theme
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.page.evaluate(OVER) == []
        found = Axe().run(opened.page).response["violations"]
        serious = {
            one["id"]: [node["html"][:200] for node in one["nodes"]]
            for one in found
            if one["impact"] in {"serious", "critical"}
        }
        assert serious == {}


FOCUS = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {
    name: (e.tagName + ' ' + (e.className || e.id) + ' ' + e.textContent.trim()).slice(0, 80),
    body: e === document.body, skip: (e.getAttribute('href') || '').startsWith('#main-content'),
    marked: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none',
    seen: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight
      && s.visibility === 'visible' && parseFloat(s.opacity) > 0.5,
    past: Boolean(e.closest('main')),
  };
}"""


@pytest.mark.slow
@pytest.mark.parametrize("name", pages())
def test_a_page_can_be_walked_by_keyboard(browser: Any, address: str, name: str) -> None:
    """The first stop leads past the navigation, every stop shows that it is one, none is jumped."""
    with Opened(browser, f"{address}/{name}.html") as opened:
        page = opened.page
        ahead = "[...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0).length"
        assert page.evaluate(ahead) == 0
        stops = []
        for _ in range(400):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUS)
            if stop["body"]:
                break
            stops.append(stop)
        assert stops[0]["skip"], stops[0]
        assert [one["name"] for one in stops if not one["marked"] or not one["seen"]] == []
        assert any(one["past"] for one in stops)
        page.keyboard.press("Tab")
        page.goto(f"{address}/{name}.html")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)["past"]


@pytest.mark.slow
@pytest.mark.parametrize("name", pages())
def test_a_picture_has_a_text_in_its_place(built: Path, name: str) -> None:
    """And every plot is one that follows the theme: a PNG is a photograph of ours."""
    text = (built / f"{name}.html").read_text(encoding="utf-8")
    article = text.split("<article", 1)[1].split("</article>", 1)[0]
    for image in re.findall(r"<img [^>]*>", article):
        alt = re.search(r'alt="([^"]*)"', image)
        assert alt and len(alt.group(1)) > 60, image
        assert not re.search(r"\.(png|svg)$", alt.group(1)), image
        source = re.search(r'src="([^"]*)"', image)
        assert source
        path = built / source.group(1)
        if path.suffix == ".svg":
            assert "prefers-color-scheme:dark" in path.read_text(encoding="utf-8"), path
        else:
            assert (BOOK / "_static" / path.name).exists(), path
    for drawn in re.findall(r'<svg [^>]*role="img"[^>]*>', article):
        marks = re.search(r'aria-labelledby="([^"]*)"', drawn)
        assert marks
        for mark in marks.group(1).split():
            assert re.search(rf'id="{mark}">[^<]', article)


@pytest.mark.slow
@pytest.mark.parametrize("name", pages())
def test_a_page_says_what_it_is(built: Path, name: str) -> None:
    text = (built / f"{name}.html").read_text(encoding="utf-8")
    titles = re.findall(r"<title>(.*?)</title>", text, re.DOTALL)
    assert len(titles[0].split(" \u2014 ")[0].strip()) > 3
    described = re.findall(r'<meta [^>]*name="description"[^>]*>', text)
    assert len(described) == 1
    content = re.search(r'content="([^"]*)"', described[0])
    assert content and 50 <= len(html.unescape(content.group(1))) <= 260
    for what in ("og:title", "og:description", "og:image", "og:image:alt"):
        assert re.search(rf'<meta property="{what}" content="[^"]+"', text), what
    picture = re.search(r'property="og:image" content="([^"]+)"', text)
    assert picture
    assert (built / picture.group(1).removeprefix(os.environ.get("BOOK_URL", "") + "/")).exists()
    assert len({*titles}) == len(titles)


@pytest.mark.slow
def test_descriptions_and_titles_are_each_pages_own(built: Path) -> None:
    texts = [(built / f"{name}.html").read_text(encoding="utf-8") for name in pages()]
    for pattern in (r"<title>(.*?)</title>", r'property="og:description" content="([^"]*)"'):
        found = [re.findall(pattern, text, re.DOTALL)[0] for text in texts]
        assert sorted(found) == sorted(set(found))


class Links(HTMLParser):
    """The names that a page has, and the addresses that it names."""

    def __init__(self, text: str):
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (name == "name" and tag == "a"):
                self.names.add(value or "")
            elif name in {"href", "src"} and value and not (tag == "link" and "search" in value):
                self.links.append(value)


@pytest.mark.slow
def test_every_link_within_the_book_leads_somewhere(
    built: Path, count: Callable[[str], None]
) -> None:
    found = {
        path.relative_to(built).as_posix(): Links(path.read_text(encoding="utf-8"))
        for path in built.glob("*.html")
    }
    assert {f"{name}.html" for name in pages()} <= set(found)
    broken: list[str] = []
    outside: set[str] = set()
    inside = 0
    for page, one in found.items():
        for link in one.links:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https"} or parts.netloc:
                outside.add(link)
                continue
            if parts.scheme:
                continue
            inside += 1
            target = posixpath.normpath(unquote(parts.path)) if parts.path else page
            anchor = unquote(parts.fragment)
            names = found[target].names if target in found else {anchor}
            if not (built / target).exists() or (anchor and anchor not in names):
                broken.append(f"{page}: {link}")
    assert broken == []
    count(f"the book: {inside} links within it lead somewhere; {len(outside)} lead out of it:")
    for link in sorted(outside):
        count(f"    {link}")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["the search page", "the keyboard, from a chapter"])
def test_a_search_for_shuffle_finds_the_chapters_that_have_it(
    browser: Any, address: str, how: str
) -> None:
    if how == "the search page":
        opened = Opened(browser, f"{address}/search.html?q=shuffle")
    else:
        opened = Opened(browser, f"{address}/start_here.html")
        opened.page.keyboard.press("Control+K")
        opened.page.keyboard.type("shuffle")
        opened.page.keyboard.press("Enter")
    with opened:
        opened.page.wait_for_selector("#search-results li a")
        opened.page.wait_for_load_state("networkidle")
        links = opened.page.eval_on_selector_all(
            "#search-results li a", "all => all.map(a => a.getAttribute('href'))"
        )
        pages_found = {link.split(".html")[0] for link in links}
        assert {"rdds", "dataframes"} <= pages_found
        assert opened.wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in chapters() if one in pages()])
def test_a_quiz_is_answered_by_keyboard(browser: Any, address: str, name: str) -> None:
    with Opened(browser, f"{address}/{name}.html") as opened:
        page = opened.page
        questions = page.locator("details.sd-dropdown")
        if not questions.count():
            assert "## Quiz" not in (BOOK / f"{name}.md").read_text(encoding="utf-8")
            return
        assert page.locator("details.sd-dropdown[open]").count() == 0
        for number in range(questions.count()):
            question = questions.nth(number)
            for _ in range(400):
                if question.evaluate("q => document.activeElement === q.querySelector('summary')"):
                    break
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            assert question.get_attribute("open") is not None, question.inner_text()
            assert question.locator("strong", has_text="Yes.").first.is_visible()
            assert question.locator("li").count() >= 2


@pytest.mark.slow
def test_the_widgets_work_in_their_pages(browser: Any, address: str) -> None:
    for name, field, key, told in (
        ("memory_wall", "fw-rows", "ArrowUp", "fw-told"),
        ("rdds", "ps-skew", "ArrowRight", "ps-told"),
    ):
        with Opened(browser, f"{address}/{name}.html", width=PHONE) as opened:
            page = opened.page
            for _ in range(400):
                if page.evaluate("document.activeElement.id") == field:
                    break
                page.keyboard.press("Tab")
            before = page.inner_text(f"#{told}")
            page.keyboard.press(key)
            assert page.inner_text(f"#{told}") != before
            assert opened.wrong == []


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
