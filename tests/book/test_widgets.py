"""The widgets of the book's pages, driven by keyboard in a real browser."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course import ROOT

BOOK = ROOT / "book"
TYPES = ("int8", "int16", "int32", "int64", "float32", "float64", "bool", "datetime64[ns]")
SCHEMAS = [
    *[({"a": name}, 1_234_567) for name in TYPES],
    *[({"a": f"category[{many}]"}, 200_001) for many in (0, 1, 126, 127, 32_766, 32_767, 90_000)],
    ({"a": "category[5]"}, 0),
    ({"a": "int64", "b": "category[127]", "c": "bool"}, 1_000_000_000),
]


def reference() -> Callable[[dict[str, str], int], int]:
    """The exercise's own reference answer."""
    tree = ast.parse((ROOT / "solutions" / "memory_wall.py").read_text(encoding="utf-8"))
    (found,) = [
        one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "frame_bytes"
    ]
    names: dict[str, Any] = {}
    exec(compile(ast.Module([found], []), "frame_bytes", "exec"), names)
    answer: Callable[[dict[str, str], int], int] = names["frame_bytes"]
    return answer


def snippet() -> str:
    """What the chapter holds for the widget, and for who has no JavaScript."""
    text = (BOOK / "memory_wall.md").read_text(encoding="utf-8")
    found = re.search(r'```\{raw\} html\n(<div id="frame-weight">.*?)\n```', text, re.DOTALL)
    assert found
    return found.group(1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    if not shutil.which("chromium"):
        pytest.skip("chromium is missing")
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """The widget alone, on a page as wide as a phone, without a network."""
    for name in ("frame_weight.js", "course.css"):
        shutil.copy(BOOK / "_static" / name, tmp_path)
    (tmp_path / "page.html").write_text(
        '<!doctype html><html lang="en"><head><title>A frame</title><meta charset="utf-8">'
        '<link rel="stylesheet" href="course.css"></head><body>'
        f'<main>{snippet()}</main><script src="frame_weight.js"></script></body></html>',
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.context.set_offline(True)
    page.goto((tmp_path / "page.html").as_uri())
    yield page
    page.close()


def to(page: Any, name: str, key: str = "Tab") -> None:
    """Press `key` until the field `name` has the focus."""
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{name} is not reached by keyboard")


def write(page: Any, name: str, text: str) -> None:
    to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def fill(page: Any, schema: dict[str, str], rows: int) -> None:
    write(page, "fw-rows", str(rows))
    for number in (1, 2):  # those that stand there at first
        to(page, f"fw-{number}-remove")
        page.keyboard.press("Enter")
        to(page, "fw-rows" if number == 1 else "fw-add", "Shift+Tab")
    for number, dtype in enumerate(schema.values(), 3):
        to(page, "fw-add")
        page.keyboard.press("Enter")
        to(page, f"fw-{number}-type")
        page.keyboard.type(dtype.partition("[")[0] if dtype.startswith("category") else dtype)
        if dtype.startswith("category"):
            write(page, f"fw-{number}-values", dtype.removeprefix("category[").removesuffix("]"))


def bytes_told(page: Any) -> int:
    return int(page.locator("#fw-told").get_attribute("data-bytes"))


@pytest.mark.parametrize(("schema", "rows"), SCHEMAS)
def test_the_estimator_agrees_with_the_exercises_reference(
    opened: Any, schema: dict[str, str], rows: int
) -> None:
    fill(opened, schema, rows)
    assert bytes_told(opened) == reference()(schema, rows)


def test_the_estimator_says_whether_the_frame_fits(opened: Any) -> None:
    fill(opened, {"a": "int64"}, 2**27)  # just 1 GiB
    write(opened, "fw-memory", "1")
    assert "the frame fits in 1 GiB" in opened.inner_text("#fw-told")
    write(opened, "fw-memory", "0.99")
    assert "does not fit in 0.99 GiB" in opened.inner_text("#fw-told")


def test_several_columns_of_a_kind_count_as_often(opened: Any) -> None:
    before = bytes_told(opened)
    write(opened, "fw-1-many", "5")
    assert bytes_told(opened) - before == 3 * 8 * 1_000_000


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e400"])
def test_what_is_no_number_of_rows_is_told_and_not_computed(opened: Any, text: str) -> None:
    write(opened, "fw-rows", text or "\b")
    if not text:
        opened.keyboard.press("Control+A")
        opened.keyboard.press("Delete")
    assert opened.inner_text("#fw-told").startswith("Rows:")
    assert opened.locator("#fw-told").get_attribute("data-bytes") is None
    assert opened.locator("#fw-rows").get_attribute("aria-invalid") == "true"


def test_every_field_is_labelled_and_a_phone_needs_no_sideways_scroll(opened: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(opened).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    unlabelled = "[...document.querySelectorAll('input, select')].filter(e => !e.labels.length)"
    assert opened.evaluate(f"{unlabelled}.length") == 0
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_javascript_the_rules_are_there_to_read(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(snippet(), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    text = page.inner_text("body")
    assert all(word in text for word in ("126", "32,766", "8 bytes", "JavaScript"))
    context.close()
