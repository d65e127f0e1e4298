"""The widgets of the book's pages, driven by keyboard in a real browser."""

from __future__ import annotations

import ast
import heapq
import itertools
import math
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


def reference(chapter: str = "memory_wall", name: str = "frame_bytes") -> Callable[..., Any]:
    """The exercise's own reference answer."""
    tree = ast.parse((ROOT / "solutions" / f"{chapter}.py").read_text(encoding="utf-8"))
    (found,) = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
    names: dict[str, Any] = {}
    exec(compile(ast.Module([found], []), name, "exec"), names)
    answer: Callable[..., Any] = names[name]
    return answer


def snippet(chapter: str = "memory_wall", place: str = "frame-weight") -> str:
    """What the chapter holds for the widget, and for who has no JavaScript."""
    text = (BOOK / f"{chapter}.md").read_text(encoding="utf-8")
    found = re.search(rf'```\{{raw\}} html\n(<div id="{place}">.*?)\n```', text, re.DOTALL)
    assert found
    return found.group(1)


def alone(browser: Any, folder: Path, script: str, inside: str) -> Any:
    """A widget alone, on a page as wide as a phone, without a network."""
    for name in (script, "course.css"):
        shutil.copy(BOOK / "_static" / name, folder)
    (folder / "page.html").write_text(
        '<!doctype html><html lang="en"><head><title>A widget</title><meta charset="utf-8">'
        '<link rel="stylesheet" href="course.css"></head><body>'
        f'<main>{inside}</main><script src="{script}"></script></body></html>',
        encoding="utf-8",
    )
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.context.set_offline(True)
    page.goto((folder / "page.html").as_uri())
    return page


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Any]:
    page = alone(browser, tmp_path, "frame_weight.js", snippet())
    yield page
    page.close()


@pytest.fixture
def skewed(browser: Any, tmp_path: Path) -> Iterator[Any]:
    page = alone(browser, tmp_path, "partition_skew.js", snippet("rdds", "partition-skew"))
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


def serious(page: Any) -> list[str]:
    """The rules of accessibility that the page breaks, of those that matter most."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in {"serious", "critical"}]


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
    assert serious(opened) == []
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


ROWS, KEYS, START_MS = 100_000, 1_000, 100
SETTINGS = [
    (10, 8, 4, 1),
    (0, 7, 3, 1),
    (20, 64, 16, 1),
    (13, 1, 1, 1),
    (10, 16, 2, 5),
    (7, 3, 16, 16),
]


def keys_of(skew_tenths: int, names: int) -> list[int]:
    """The key of each row, after salting, as the page's text has it."""
    shares = [1 / (key + 1) ** (skew_tenths / 10) for key in range(KEYS)]
    sums = list(itertools.accumulate(shares))
    until = [math.floor(ROWS * one / sums[-1]) for one in sums]
    rows = [here - before for before, here in itertools.pairwise([0, *until])]
    return [key * names + row % names for key, many in enumerate(rows) for row in range(many)]


def stage_ms(times: list[int], cores: int) -> int:
    """Tasks start in order, each on the core that is free first."""
    free = [0] * cores
    for time in times:
        heapq.heapreplace(free, free[0] + time)
    return max(free)


def slide(page: Any, name: str, least: int, value: int) -> None:
    to(page, name)
    page.keyboard.press("Home")
    for _ in range(value - least):
        page.keyboard.press("ArrowRight")


def choose(page: Any, skew_tenths: int, partitions: int, cores: int, names: int) -> None:
    slide(page, "ps-skew", 0, skew_tenths)
    slide(page, "ps-partitions", 1, partitions)
    slide(page, "ps-cores", 1, cores)
    slide(page, "ps-names", 1, names)


@pytest.mark.parametrize("setting", SETTINGS)
def test_partitions_and_times_are_those_of_the_course(
    skewed: Any, setting: tuple[int, int, int, int]
) -> None:
    skew, partitions, cores, names = setting
    choose(skewed, *setting)
    expected = reference("rdds", "partition_sizes")(keys_of(skew, names), partitions)
    told = skewed.locator("#ps-told")
    assert [int(one) for one in told.get_attribute("data-sizes").split()] == expected["sizes"]
    times = [START_MS + size for size in expected["sizes"]]
    assert int(told.get_attribute("data-stage")) == stage_ms(times, cores)
    assert f"The longest task takes {max(times) / 1000:.1f} s" in told.inner_text()


def test_sparks_own_partitioner_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.core.rdd import portable_hash

    monkeypatch.setenv("PYTHONHASHSEED", "0")  # it asks for one, though numbers do not need it
    keys = keys_of(10, 3)[::97]
    sizes = [0] * 8
    for key in keys:
        sizes[portable_hash(key) % 8] += 1
    assert reference("rdds", "partition_sizes")(keys, 8)["sizes"] == sizes


def test_the_bars_can_also_be_read_as_a_table(skewed: Any) -> None:
    choose(skewed, 10, 5, 2, 1)
    to(skewed, "", "Tab")  # no field any more: the summary of the table
    assert skewed.evaluate("document.activeElement.tagName") == "SUMMARY"
    skewed.keyboard.press("Enter")
    rows = skewed.locator("#ps-list tbody tr").all_inner_texts()
    sizes = reference("rdds", "partition_sizes")(keys_of(10, 1), 5)["sizes"]
    told = [row.split() for row in rows]
    assert told == [
        [str(n), f"{size:,}", f"{(START_MS + size) / 1000:.1f}", "s"]
        for n, size in enumerate(sizes)
    ]
    assert skewed.locator(".ps-picture rect").count() == 5


def test_the_sliders_are_labelled_and_fit_a_phone(skewed: Any) -> None:
    assert serious(skewed) == []
    assert skewed.locator("#ps-skew").get_attribute("aria-valuetext") == "1.0"
    assert skewed.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_said_without_javascript_is_true(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(snippet("rdds", "partition-skew"), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    text = " ".join(page.inner_text("body").split())
    assert "With a skew of 1 the first key alone has about an eighth of all rows" in text
    assert keys_of(10, 1).count(0) / ROWS == pytest.approx(1 / 8, abs=0.02)
    assert "With 2 it has more than half. Four names for each key cut that to a quarter" in text
    hot = keys_of(20, 1).count(0)
    assert hot > ROWS / 2
    assert keys_of(20, 4).count(0) == -(-hot // 4)
    context.close()
