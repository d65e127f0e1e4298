"""How the book is built: what runs again and what does not, and how a failure is told."""

from __future__ import annotations

import http.server
import re
import shutil
import threading
from importlib import metadata
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from autograder.course import ROOT, CourseError, exercises
from autograder.publishing import fingerprints
from autograder.publishing.book import build
from autograder.publishing.sphinx_pages import well_formed
from tests.book.epubs import opened

HEAD = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# {}
"""


def cell(source: str) -> str:
    return f"\n```{{code-cell}} ipython3\n{source}\n```\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A book of three pages: one has no code, one a helper, one an error that is meant."""
    folder = tmp_path / "book"
    folder.mkdir()
    ours = yaml.safe_load((ROOT / "book" / "_config.yml").read_text(encoding="utf-8"))
    settings = ours["sphinx"]["config"]
    kept = {key: settings[key] for key in settings if key.startswith(("epub_", "nb_", "suppress"))}
    ours["sphinx"] = {"extra_extensions": ours["sphinx"]["extra_extensions"], "config": kept}
    del ours["html"]  # how the book looks
    (folder / "_config.yml").write_text(yaml.safe_dump(ours))
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: one\n- file: two\n"
    )
    shown = "# Three pages\n\n## Exercise\n\n```{exercises} start_here\n```\n"
    (folder / "index.md").write_text(shown)
    (folder / "helper.py").write_text("number = 4711\n")
    (folder / "one.md").write_text(
        HEAD.format("One") + cell("from helper import number\n\nprint(number)")
    )
    (folder / "two.md").write_text(
        HEAD.format("Two") + cell(":tags: [raises-exception]\n\n1 / 0") + cell("x = 1\nx + 1")
    )
    return folder


def test_a_page_runs_again_only_when_what_it_rests_on_has_changed(small: Path) -> None:
    first = build(folder=small)
    assert first.executed == ("one", "two")
    assert "4711" in (small / "_build" / "html" / "one.html").read_text()
    assert build(folder=small).executed == ()

    (small / "helper.py").write_text("number = 4712\n")
    assert build(folder=small).executed == ("one",)
    assert "4712" in (small / "_build" / "html" / "one.html").read_text()

    page = (small / "index.md").read_text()
    (small / "index.md").write_text(page + "\nA word more, and no code.\n")
    assert build(folder=small).executed == ()
    assert "A word more" in (small / "_build" / "html" / "index.html").read_text()


def test_a_value_of_another_page_is_shown_as_that_page_last_computed_it(small: Path) -> None:
    glued = "from helper import number\nfrom myst_nb import glue\n\nglue('number', number)"
    (small / "one.md").write_text(HEAD.format("One") + cell(glued))
    (small / "two.md").write_text("# Two\n\nIt is {glue:text}`one.md::number:s`.\n")
    build(folder=small)
    assert "4711" in (small / "_build" / "html" / "two.html").read_text()
    (small / "helper.py").write_text("number = 4712\n")
    assert build(folder=small).executed == ("one",)
    assert "4712" in (small / "_build" / "html" / "two.html").read_text()

    (small / "two.md").write_text("# Two\n\nIt is {glue:text}`one.md::letter:s`.\n")
    with pytest.raises(CourseError, match="letter"):
        build(folder=small)


def test_a_page_that_was_run_for_the_epub_is_shown_anew_without_running_it(small: Path) -> None:
    build(folder=small)
    (small / "helper.py").write_text("number = 4712\n")
    assert build("epub", folder=small).executed == ("one",)
    assert build(folder=small).executed == ()
    assert "4712" in (small / "_build" / "html" / "one.html").read_text()


def test_exercises_are_shown_with_a_link_to_their_notebook(small: Path) -> None:
    (small / "one.md").write_text("# One\n")
    (small / "two.md").write_text("# Two\n")
    built = build(folder=small).path
    page = built.read_text()
    (one,) = exercises("start_here")
    assert one.title in page
    assert f"About {one.minutes} minutes, 10 points" in page
    assert "BEGIN SOLUTION" not in page
    (link,) = re.findall(r'href="(_downloads/[^"]+\.ipynb)"', page)
    handed_out = ROOT / "exercises" / "start_here" / "start_here.ipynb"
    assert (built.parent / link).read_bytes() == handed_out.read_bytes()


def test_a_failing_cell_ends_the_build_and_is_named_in_one_line(small: Path) -> None:
    failing = HEAD.format("Two") + cell(":tags: [raises-exception]\n\n1 / 0")
    line = failing.count("\n") + 3
    failing += cell("present = {}\npresent['absent']") + cell("y = 2")
    (small / "two.md").write_text(failing)
    with pytest.raises(CourseError) as told:
        build(folder=small)
    assert str(told.value) == (
        f"a cell failed: book/two.md, code cell 2 of 3 (line {line}): KeyError: 'absent'"
    )
    # What did run is kept, and what is mended runs.
    (small / "two.md").write_text(failing.replace("{}", "{'absent': 1}"))
    assert build(folder=small).executed == ("two",)


def test_a_warning_is_an_error_and_names_its_page(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (small / "two.md").write_text("# Two\n\n[nowhere](no_such_page.md)\n")
    with pytest.raises(CourseError, match=r"book/two\.md:3: WARNING: .*no_such_page"):
        build(folder=small)


def test_an_address_that_does_not_answer_is_named(small: Path) -> None:
    class Answers(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200 if self.path == "/there" else 404)
            self.end_headers()

        do_GET = do_HEAD

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    try:
        (small / "one.md").write_text(f"# One\n\n[there]({host}/there)\n")
        (small / "two.md").write_text("# Two\n")
        assert build("linkcheck", small).path.exists()
        (small / "two.md").write_text(f"# Two\n\n[absent]({host}/absent)\n")
        with pytest.raises(CourseError, match=rf"book/two\.md:\d+: WARNING: .*{host}/absent"):
            build("linkcheck", small)
    finally:
        server.shutdown()
        server.server_close()


def test_the_small_book_is_an_epub_that_opens(small: Path) -> None:
    built = build("epub", small)
    pages = opened(built.path)
    texts = {name: "".join(page.itertext()) for name, page in pages.items()}
    assert "4711" in texts["one.xhtml"]
    assert any("A first answer" in text for text in texts.values())


@pytest.mark.parametrize("tag", ["<kbd>", "</kbd>", '<div class="note">', "</div>"])
def test_a_tag_whose_other_half_is_elsewhere_is_left_alone(tag: str) -> None:
    assert well_formed(tag) == tag


@pytest.mark.parametrize(
    ("markup", "made"),
    [
        ("<p>a<br>b</p>", "<p>a<br/>b</p>"),
        ("<b>x</b>", "<b>x</b>"),
        ("<style scoped>a > b {}</style>", '<style scoped="">a > b {}</style>'),
        ("a&nbsp;b", "a\u00a0b"),
        ("<p>x</p><script>if (a < b) {}</script>", "<p>x</p>"),
        (
            "<svg viewBox='0 0 1 1'><path d='M0'></svg>",
            '<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"><path d="M0"></path></svg>',
        ),
        ("<p>a</div>b", "<p>ab</p>"),
    ],
)
def test_html_of_a_program_becomes_xml(markup: str, made: str) -> None:
    found = well_formed(markup)
    ElementTree.fromstring(f"<div>{found}</div>")
    assert found == made


def test_a_page_rests_on_the_modules_that_it_names_and_theirs(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "results.json").write_text("{}")
    for name in ("wall.py", "apart.py"):
        shutil.copy(ROOT / "book" / name, folder)

    def behind(source: str) -> set[str]:
        page = folder / "page.md"
        page.write_text(HEAD.format("Page") + cell(source))
        return {path.name for path in fingerprints.behind(page)}

    assert behind("from wall import draw") == {"wall.py"}
    assert behind("from wall import results") == {"wall.py", "results.json"}
    assert behind("print('benchmarks' and 'results.json')") == {"results.json"}
    assert behind("open('../benchmarks/results.json')") == {"results.json"}
    watching = behind("from autograder import watched")
    assert {"watching.py", "spark_record.py", "kernel.py"} <= watching
    assert "grading.py" not in watching
    assert {"apart.py", "spark.py"} <= behind("from apart import run_apart")
    assert "orders.py" in behind("import shop")
    assert "orders.py" in behind("run_apart('''\nimport shop\n''')")
    assert "grading.py" in behind("command = [sys.executable, '-m', 'autograder.cli', 'doctor']")
    assert behind("%timeit 1\nimport shop") == behind("import shop")


def test_a_copy_of_the_book_elsewhere_rests_on_the_same(tmp_path: Path) -> None:
    copy = tmp_path / "book"
    copy.mkdir()
    for path in (ROOT / "book").glob("*.py"):
        shutil.copy(path, copy)
    shutil.copy(ROOT / "book" / "rdds.md", copy)
    ours = fingerprints.fingerprint(ROOT / "book" / "rdds.md")
    assert fingerprints.fingerprint(copy / "rdds.md") == ours
    (copy / "apart.py").write_text("# another one\n")
    assert fingerprints.fingerprint(copy / "rdds.md") != ours


def test_a_page_rests_on_what_is_installed_and_not_on_what_a_program_adds_to_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprints._surroundings.__wrapped__()
    (tmp_path / "vendored-1.0.dist-info").mkdir()
    (tmp_path / "vendored-1.0.dist-info" / "METADATA").write_text("Name: vendored\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "vendored 1.0" in {f"{one.name} {one.version}" for one in metadata.distributions()}
    assert fingerprints._surroundings.__wrapped__() == before
