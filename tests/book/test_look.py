"""How the book looks: its palette, computed for several kinds of vision, and its drawings."""

from __future__ import annotations

import itertools
import re
import shutil
import struct
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from autograder.course import ROOT
from autograder.palette import BADGES, DARK, LIGHT, ON_BADGE, SERIES

BOOK = ROOT / "book"
SVG = "{http://www.w3.org/2000/svg}"
GRAPHICS, TEXT = 3.0, 4.5  # the contrast that WCAG 2 asks for, at level AA
APART = 15.0  # CIEDE2000; 2 to 3 is just seen side by side
THEMES = {"light": LIGHT, "dark": DARK}

# What remains of linear RGB where one kind of cone is missing (Machado, Oliveira, Fernandes 2009).
VISION = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour: str) -> Any:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(float(linear(colour) @ TO_XYZ[1]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: Any) -> tuple[float, float, float]:
    xyz = TO_XYZ @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return float(116 * f[1] - 16), float(500 * (f[0] - f[1])), float(200 * (f[1] - f[2]))


def ciede2000(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The difference of two colours in CIELAB (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    dh = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = h1 + h2 if not c1 * c2 else (h1 + dh / 2) % 360
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    sl = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    turn = np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    rt = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * turn
    dl, dc = (l2 - l1) / sl, (c2 - c1) / sc
    dhue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2)) / sh
    return float(np.sqrt(dl**2 + dc**2 + dhue**2 + rt * dc * dhue))


def test_the_difference_of_colours_is_that_of_its_authors() -> None:
    """Pairs of the table that Sharma, Wu and Dalal published with the formula."""
    for one, other, expected in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ):
        assert ciede2000(one, other) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_of_lines_and_bars_are_told_apart(theme: str, vision: str) -> None:
    for one, other in itertools.combinations(SERIES, 2):
        seen = [lab(VISION[vision] @ linear(THEMES[theme][name])) for name in (one, other)]
        assert ciede2000(*seen) >= APART, (one, other)


@pytest.mark.parametrize("theme", THEMES)
def test_colours_stand_out_from_what_they_are_drawn_on(theme: str) -> None:
    colours = THEMES[theme]
    for name in ("ink", *SERIES):  # all of them are used for words, too
        for ground in ("paper", "panel"):
            assert contrast(colours[name], colours[ground]) >= TEXT, (name, ground)


@pytest.mark.parametrize("name", BADGES)
def test_a_badge_is_seen_on_any_page_and_can_be_read(name: str) -> None:
    assert contrast(BADGES[name], ON_BADGE) >= TEXT
    for page in (LIGHT["paper"], DARK["paper"]):
        assert contrast(BADGES[name], page) >= GRAPHICS


def test_the_style_sheet_has_the_same_palette() -> None:
    css = (BOOK / "_static" / "course.css").read_text(encoding="utf-8")
    for start, colours in (("html {", LIGHT), ('html[data-theme="dark"] {', DARK)):
        block = css.split("\n" + start, 1)[1].split("}", 1)[0]
        assert dict(re.findall(r"--course-(\w+): (#\w+);", block)) == colours


def test_no_other_colour_is_written_anywhere() -> None:
    """Of the book and of what draws in reports; a colour's name counts as well."""
    known = {*LIGHT.values(), *DARK.values(), *BADGES.values(), "#000000"}
    files = [
        path
        for kind in ("*.py", "*.md", "_ext/*.py", "_static/*.js", "_static/*.css", "_static/*.svg")
        for path in BOOK.glob(kind)
    ]
    files += [ROOT / "autograder" / name for name in ("report.py", "plan_picture.py")]
    files += [ROOT / "autograder" / "learning" / "predicting.py"]
    named = r"""colou?rs?=\[?["'](?:[a-z]+|C\d|tab:\w+|0?\.\d+)["']"""
    for path in files:
        text = path.read_text(encoding="utf-8")
        found = {one.lower() for one in re.findall(r"#[0-9a-fA-F]{6}\b", text)}
        assert found <= known, path
        assert not re.findall(named, text), path


def module(name: str, folder: Path = BOOK) -> ModuleType:
    """A helper of the book's pages, imported as a page imports it."""
    sys.path.insert(0, str(folder))
    try:
        return __import__(name)
    finally:
        sys.path.remove(str(folder))


def test_a_figure_has_its_dark_colours_in_it() -> None:
    from matplotlib import pyplot as plt

    look = module("look")
    with plt.rc_context():
        look.set_up()
        figure, axes = plt.subplots()
        for number, name in enumerate(SERIES):
            axes.plot([0, 1], [number, 1], label=name)
        axes.legend()
        axes.annotate("black", (0, 0), color="black")
        svg = look.as_svg(figure)
        plt.close(figure)
    drawn = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", svg.split("</style>", 1)[1]))
    assert {LIGHT[name] for name in (*SERIES, "paper", "ink")} <= drawn <= set(LIGHT.values())
    dark = svg.split("</style>", 1)[0]
    for name in (*SERIES, "paper", "ink"):
        written = f'[style*="fill: {LIGHT[name]}"],[fill="{LIGHT[name]}"]'
        assert f"{written}{{fill:{DARK[name]}!important}}" in dark
    ElementTree.fromstring(svg)


def drawings() -> dict[str, Any]:
    found: dict[str, Any] = module("diagrams").DRAWINGS
    return found


@pytest.mark.parametrize("name", drawings())
def test_a_drawing_is_as_its_script_makes_it_and_says_what_it_shows(name: str) -> None:
    written = (BOOK / "_static" / f"{name}.svg").read_text(encoding="utf-8")
    assert written == drawings()[name]().svg(), "run: python book/diagrams.py"
    root = ElementTree.fromstring(written)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None and title.text and desc is not None
    assert desc.text and len(desc.text) > 100
    assert "prefers-color-scheme:dark" in written


@pytest.mark.parametrize("name", drawings())
def test_a_drawing_stands_in_a_page_with_a_text_in_its_place(name: str) -> None:
    every = "\n".join(path.read_text(encoding="utf-8") for path in BOOK.glob("*.md"))
    found = re.search(rf"_static/{name}\.svg\n:alt: (.+)", every)
    assert found and len(found.group(1)) > 100


def test_the_icon_is_as_its_script_makes_it() -> None:
    written = (BOOK / "_static" / "icon.svg").read_text(encoding="utf-8")
    assert written == module("diagrams").icon().svg(), "run: python book/diagrams.py"


def test_the_preview_has_the_size_that_is_asked_for() -> None:
    picture = (BOOK / "_static" / "preview.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    assert len(picture) < 200_000


def test_a_page_without_a_description_is_described_by_its_first_words() -> None:
    from docutils.core import publish_doctree

    pages = module("course_pages", BOOK / "_ext")
    long = "Rows go from each partition to each other one, and that is a shuffle. "
    doctree = publish_doctree(f"Title\n=====\n\n*{long.strip()}*\n\nShort.\n\n{long * 4}\n")
    assert pages.described(doctree) == (long * 2).strip()
    assert pages.shortened("word, " * 60) == ("word, " * 33).strip(", ") + " …"
    assert pages.shortened(long.strip()) == long.strip()


def test_the_words_of_drawings_fit_and_can_be_read_on_a_phone(browser: Any) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 900})
    for name in drawings():
        page.goto((BOOK / "_static" / f"{name}.svg").as_uri())
        words = page.evaluate(
            """() => { const all = document.documentElement.viewBox.baseVal;
            return [...document.querySelectorAll('text')].filter(t => t.textContent).map(t => {
              const box = t.hasAttribute('transform') ? null : t.getBBox();
              return {text: t.textContent, size: parseFloat(getComputedStyle(t).fontSize),
                left: box ? box.x : 1, right: box ? box.x + box.width : 1,
                bottom: box ? box.y + box.height : 1, wide: all.width, high: all.height}; }) }"""
        )
        assert words or name == "cover"
        for one in words:
            assert one["left"] >= 0 and one["right"] <= one["wide"], (name, one)
            assert one["bottom"] <= one["high"], (name, one)
            shown = one["size"] * min(1, 328 / one["wide"])  # in CSS pixels, at 360 px
            assert shown >= 11.5, (name, one)
    page.close()


def test_a_picture_follows_the_theme_of_its_page(browser: Any, tmp_path: Path) -> None:
    """The page says light or dark, whatever the system prefers."""
    from PIL import Image

    shutil.copy(BOOK / "_static" / "cover.svg", tmp_path)
    for theme, colours in THEMES.items():
        (tmp_path / "page.html").write_text(
            f'<html style="color-scheme: {theme}"><body style="margin:0">'
            '<img src="cover.svg" width="660"></body></html>',
            encoding="utf-8",
        )
        page = browser.new_page(viewport={"width": 700, "height": 300}, color_scheme="light")
        page.goto((tmp_path / "page.html").as_uri())
        page.screenshot(path=str(tmp_path / "seen.png"))
        page.close()
        with Image.open(tmp_path / "seen.png") as seen:
            corner: Any = seen.convert("RGB").getpixel((3, 3))
        assert "#{:02x}{:02x}{:02x}".format(*corner) == colours["paper"]
