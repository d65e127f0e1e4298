"""The book's drawings, each an SVG in _static/: `python book/diagrams.py` writes them anew.

A drawing has the width of a phone, a title and a description, and the palette's colours for a
light and a dark page. `python book/diagrams.py --preview` also paints the picture that others show
when a page is linked to; that needs Chromium.
"""

from __future__ import annotations

import html
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from autograder.palette import DARK, LIGHT

STATIC = Path(__file__).parent / "_static"
PREVIEW = (1200, 630)
WIDTH = 340


def _css() -> str:
    def rules(colours: dict[str, str]) -> str:
        parts = [f".paper{{fill:{colours['paper']}}}"]
        for name in ("ink", "grey", "blue", "orange", "purple", "green"):
            colour = colours[name]
            parts += [
                f".t-{name}{{fill:{colour}}}",
                f".l-{name}{{stroke:{colour};fill:none}}",
                f".b-{name}{{stroke:{colour};fill:{colours['panel']}}}",
                f".f-{name}{{fill:{colour}}}",
            ]
        parts += [f".on{{fill:{colours['paper']}}}", f".brick{{stroke:{colours['paper']}}}"]
        return "".join(parts)

    return f"<style>{rules(LIGHT)}@media (prefers-color-scheme:dark){{{rules(DARK)}}}</style>"


class Drawing:
    """An SVG that is put together piece by piece. Lengths are in pixels of a 340 px picture."""

    def __init__(self, height: int, title: str, desc: str, width: int = WIDTH) -> None:
        self.width, self.height, self.title, self.desc = width, height, title, desc
        self.parts: list[str] = []

    def add(self, part: str) -> None:
        self.parts.append(part)

    def text(
        self, x: float, y: float, words: str, colour: str = "ink", size: float = 14,
        anchor: str = "start", bold: bool = False,
    ) -> None:  # fmt: skip
        weight = ' font-weight="600"' if bold else ""
        self.add(
            f'<text class="t-{colour}" x="{x:g}" y="{y:g}" font-size="{size:g}" '
            f'text-anchor="{anchor}"{weight}>{html.escape(words)}</text>'
        )

    def box(
        self, x: float, y: float, wide: float, high: float, colour: str = "grey",
        thick: float = 2, dashed: bool = False,
    ) -> None:  # fmt: skip
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        self.add(
            f'<rect class="b-{colour}" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" '
            f'rx="6" stroke-width="{thick:g}"{dash}/>'
        )

    def line(
        self, path: str, colour: str = "grey", thick: float = 2, head: bool = False,
        tail: bool = False, dashed: bool = False,
    ) -> None:  # fmt: skip
        ends = f' marker-end="url(#{colour})"' if head else ""
        ends += f' marker-start="url(#{colour})"' if tail else ""
        ends += ' stroke-dasharray="6 5"' if dashed else ""
        self.add(f'<path class="l-{colour}" d="{path}" stroke-width="{thick:g}"{ends}/>')

    def token(self, x: float, y: float, letter: str, colour: str, size: float = 20) -> None:
        """A row of data: a filled square that bears the letter of its key."""
        self.add(
            f'<rect class="f-{colour}" x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}" '
            f'rx="3"/><text class="on" x="{x + size / 2:g}" y="{y + size * 0.74:g}" '
            f'font-size="{size * 0.7:g}" font-weight="600" text-anchor="middle">{letter}</text>'
        )

    def bricks(self, x: float, y: float, wide: float, high: float, colour: str = "orange") -> None:
        """A wall: rows of bricks, every other row moved by half a brick."""
        self.add(
            f'<rect class="f-{colour}" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}"/>'
        )
        path, course, brick = "", 10.0, 24.0
        rows = round(high / course)
        for row in range(rows):
            top = y + row * course
            path += f"M{x:g} {top:g}h{wide:g}" if row else ""
            at = x + (brick if row % 2 else brick / 2)
            while at < x + wide - 2:
                path += f"M{at:g} {top:g}v{min(course, y + high - top):g}"
                at += brick
        self.add(f'<path class="brick" d="{path}" stroke-width="1.6" fill="none"/>')

    def svg(self) -> str:
        heads = "".join(
            f'<marker id="{name}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="6" '
            f'markerHeight="6" orient="auto-start-reverse">'
            f'<path class="f-{name}" d="M0 0L10 5L0 10z"/></marker>'
            for name in ("grey", "blue", "orange", "purple", "green", "ink")
            if any(f"url(#{name})" in part for part in self.parts)
        )
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
                f'width="{self.width}" height="{self.height}" role="img" '
                'aria-labelledby="title desc" font-family="system-ui, sans-serif">',
                f'<title id="title">{html.escape(self.title)}</title>',
                f'<desc id="desc">{html.escape(self.desc)}</desc>',
                _css() + (f"<defs>{heads}</defs>" if heads else ""),
                f'<rect class="paper" width="{self.width}" height="{self.height}"/>',
                *self.parts,
                "</svg>",
                "",
            ]
        )


def processes() -> Drawing:
    """The processes of a Spark program."""
    d = Drawing(
        474,
        "The processes of a Spark program",
        "The driver has a Python process and a JVM. Two executors each have a JVM and a Python "
        "worker. The driver sends tasks, the executors send results; each task reads its part of "
        "the files.",
    )
    d.box(4, 4, 332, 136, "blue")
    d.text(16, 26, "driver: plans, and gets results", "blue", 15, bold=True)
    d.box(16, 40, 136, 88, "orange")
    d.text(84, 64, "Python", "orange", 14, "middle", bold=True)
    d.text(84, 88, "your notebook,", anchor="middle")
    d.text(84, 108, "your script", anchor="middle")
    d.box(188, 40, 136, 88, "blue")
    d.text(256, 64, "JVM", "blue", 14, "middle", bold=True)
    d.text(256, 88, "makes plans,", anchor="middle")
    d.text(256, 108, "hands out tasks", anchor="middle")
    d.line("M156 84H184", head=True, tail=True)
    d.text(170, 166, "tasks, results", "grey", anchor="middle")
    for number, x in ((1, 4), (2, 174)):
        middle = x + 81
        d.line(f"M{middle if number == 2 else 81} 144V184", head=True, tail=True)
        d.box(x, 188, 162, 190, "blue")
        d.text(x + 12, 210, f"executor {number}", "blue", 15, bold=True)
        d.box(x + 11, 222, 140, 56, "blue")
        d.text(middle, 244, "JVM", "blue", 14, "middle", bold=True)
        d.text(middle, 266, "tasks, cache", anchor="middle")
        d.line(f"M{middle} 282V306", head=True, tail=True)
        d.box(x + 11, 310, 140, 58, "orange")
        d.text(middle, 332, "Python worker", "orange", 14, "middle", bold=True)
        d.text(middle, 355, "your functions", anchor="middle")
        d.line(f"M{middle} 382V420", head=True, tail=True)
    d.box(4, 424, 332, 44, "grey", dashed=True)
    d.text(170, 452, "files: each task reads its part", anchor="middle")
    return d


def shop() -> Drawing:
    """The shop's tables and the keys between them."""
    d = Drawing(
        422,
        "The tables of the shop and the keys that join them",
        "customers, orders, order_items, deliveries, products and clicks. A customer places "
        "orders and makes clicks. An order has one to five order items and at most one delivery. "
        "Orders, order items and clicks name products.",
    )

    def table(x: float, y: float, name: str, *columns: str) -> None:
        d.box(x, y, 126, 34 + 20 * len(columns), "blue")
        d.text(x + 10, y + 22, name, "blue", 14, bold=True)
        for place, column in enumerate(columns):
            d.text(x + 10, y + 44 + 20 * place, column, size=13)

    d.line("M134 45H188", dashed=True)
    d.text(161, 38, "makes", "grey", 13, "middle")
    d.line("M67 86V140", dashed=True)
    d.text(76, 118, "places", "grey", 13)
    d.line("M134 182H188", dashed=True)
    d.text(161, 175, "at most", "grey", 13, "middle")
    d.text(161, 197, "one", "grey", 13, "middle")
    d.line("M67 242V316")
    d.text(76, 284, "1 to 5", "grey", 13)
    d.line("M134 224H160V350H188")
    d.text(167, 270, "main product", "grey", 13)
    d.line("M134 378H188", dashed=True)
    d.text(161, 397, "names", "grey", 13, "middle")
    d.line("M322 45H334V360H322", dashed=True)
    d.text(328, 306, "shows", "grey", 13, "end")
    table(4, 8, "customers", "customer_id", "name, city, …")
    table(192, 8, "clicks", "click_id", "customer_id", "product_id, …")
    table(4, 144, "orders", "order_id", "customer_id", "product_id, …")
    table(192, 144, "deliveries", "order_id", "hours, …")
    table(4, 320, "order_items", "order_id, line", "product_id", "quantity, …")
    table(192, 320, "products", "product_id", "name, …")
    return d


def shuffle() -> Drawing:
    """Partitions before and after a shuffle."""
    d = Drawing(
        352,
        "A shuffle by city",
        "Three partitions hold rows of three cities, mixed. In a shuffle each of them sends rows "
        "to each of three new partitions. Afterwards all rows of a city lie in one partition; one "
        "city has more rows than the others.",
    )
    colours = {"G": "blue", "P": "orange", "L": "purple"}
    before = ["GPGL", "PGGP", "LGPG"]
    d.text(170, 18, "before: rows lie as they came", anchor="middle", bold=True)
    for place, rows in enumerate(before):
        x = 4 + 114 * place
        d.box(x, 28, 104, 66, "grey")
        d.text(x + 52, 84, f"partition {place}", "ink", 13, "middle")
        for at, letter in enumerate(rows):
            d.token(x + 6 + 24 * at, 38, letter, colours[letter])
    for place in range(3):
        for there, letter in enumerate("GPL"):
            x0, x1 = 56 + 114 * place + 18 * (there - 1), 56 + 114 * there + 18 * (place - 1)
            d.line(f"M{x0} 98C{x0} 140 {x1} 150 {x1} 194", colours[letter], head=True)
    d.add('<rect class="paper" x="96" y="132" width="148" height="28" rx="4"/>')
    d.text(170, 151, "shuffle, by city", "ink", 15, "middle", bold=True)
    d.text(170, 344, "after: each city lies in one partition", anchor="middle", bold=True)
    for place, letter in enumerate("GPL"):
        x = 4 + 114 * place
        d.box(x, 198, 104, 124, "grey")
        count = "".join(before).count(letter)
        for at in range(count):
            d.token(x + 6 + 24 * (at % 4), 208 + 26 * (at // 4), letter, colours[letter])
        d.text(x + 52, 294, f"partition {place}", "ink", 13, "middle")
        d.text(x + 52, 312, f"{count} rows", "ink", 13, "middle")
    return d


def stages() -> Drawing:
    """From a note of what to do, through a plan, to stages of tasks."""
    d = Drawing(
        566,
        "From a lazy plan to stages",
        "Four lines of a program only note what to do: read, where, groupBy, orderBy. An action "
        "makes Spark plan and run. The work is cut into three stages, between them a shuffle each: "
        "read, filter and add up in part; add up by city; sort. Each stage has one task for each "
        "partition.",
    )
    d.text(4, 18, "your lines: only noted, nothing runs", bold=True)
    d.box(4, 28, 332, 112, "grey", dashed=True)
    for place, words in enumerate(
        ("orders = spark.read…", "  .where(…)", "  .groupBy(city).sum(cents)", "  .orderBy(cents)")
    ):
        d.add(
            f'<text class="t-ink" x="16" y="{52 + 24 * place}" font-size="14" xml:space="preserve" '
            f'font-family="ui-monospace, monospace">{words}</text>'
        )
    d.line("M170 144V190", "ink", 3, head=True)
    d.text(184, 164, "an action, such as", bold=True)
    d.text(184, 182, "collect(): it runs", bold=True)
    d.text(4, 212, "what runs: stages of tasks", bold=True)
    steps = [
        ("stage 1", "blue", ("read two columns", "filter", "add up in part")),
        ("stage 2", "purple", ("add up by city",)),
        ("stage 3", "green", ("sort",)),
    ]
    y = 222
    for number, (name, colour, does) in enumerate(steps):
        high = 34 + 20 * len(does)
        d.box(4, y, 332, high, colour)
        d.text(16, y + 22, name, colour, 15, bold=True)
        for place, words in enumerate(does):
            d.text(16, y + 44 + 20 * place, words)
        for task in range(4):
            d.token(190 + 34 * task, y + high / 2 - (4 if number == 0 else 12), "", colour, 24)
        if number == 0:
            d.text(253, y + 24, "a task a partition", "ink", 13, "middle")
        y += high
        if number < 2:
            for task in range(3):
                d.line(f"M{202 + 34 * task} {y + 4}L{236 + 34 * task} {y + 38}", "orange")
                d.line(f"M{236 + 34 * task} {y + 4}L{202 + 34 * task} {y + 38}", "orange")
            d.text(16, y + 27, "shuffle: rows move", "orange", 14, bold=True)
            y += 42
    d.line(f"M170 {y + 4}V{y + 26}", "ink", 3, head=True)
    d.text(184, y + 24, "rows, to the driver", bold=True)
    return d


def memory_wall() -> Drawing:
    """Memory over time: against the wall, and below it."""
    d = Drawing(
        300,
        "The memory wall",
        "Memory over time, below a wall of bricks. The line of a program that reads the whole file "
        "climbs to the wall and ends there with a MemoryError. The line of one that reads in "
        "chunks goes up and down, far below the wall, to the end of the file.",
    )
    d.bricks(36, 26, 296, 30)
    d.text(36, 18, "the memory that there is", "ink", 14, bold=True)
    d.line("M36 62V268H334", "ink")
    d.text(334, 288, "time", anchor="end")
    d.add(
        '<text class="t-ink" transform="translate(22 200) rotate(-90)" font-size="14" '
        'text-anchor="start">memory</text>'
    )
    d.line("M40 262C90 250 120 200 142 150S172 88 182 66", "orange", 3)
    d.line("M174 58l16 16m0 -16l-16 16", "orange", 4)
    d.text(200, 80, "MemoryError", "orange", 15, bold=True)
    d.text(48, 104, "all at once", "orange", 14, bold=True)
    path = "M40 264"
    for step in range(9):
        path += f"l22 {-42 if step else -46}l8 42"
    d.line(path, "blue", 3)
    d.text(206, 202, "a part at a time", "blue", 14, bold=True)
    return d


def grading_wall() -> Drawing:
    """What lies inside the wall and what outside, and what crosses it."""
    d = Drawing(
        492,
        "The grading wall",
        "Inside a wall of bricks, which is not trusted: the student's notebook and the runner, "
        "tables to read, a scratch folder, no network. Calls to make go in; evidence comes out, as "
        "Arrow and JSON, and nothing else. Outside, which is trusted: pytest judges the evidence "
        "against the reference, and nbgrader writes points; solutions, seeds and the gradebook "
        "stay there.",
    )
    d.text(170, 18, "inside: not trusted", "orange", 15, "middle", bold=True)
    d.bricks(4, 28, 332, 200)
    d.add('<rect class="paper" x="24" y="48" width="292" height="160"/>')
    d.box(32, 56, 276, 88, "orange")
    d.text(170, 80, "the student’s notebook", "ink", 15, "middle", bold=True)
    d.text(170, 104, "and the runner: it calls the", anchor="middle")
    d.text(170, 124, "answer and writes evidence", anchor="middle")
    d.text(170, 170, "tables to read, a scratch folder,", anchor="middle")
    d.text(170, 192, "no network, limits on everything", anchor="middle")
    d.add('<rect class="paper" x="70" y="206" width="40" height="24"/>')
    d.add('<rect class="paper" x="230" y="206" width="40" height="24"/>')
    d.line("M90 288V206", "grey", 3, head=True)
    d.line("M250 206V286", "blue", 3, head=True)
    d.text(80, 256, "calls", "ink", 14, "end")
    d.text(80, 274, "to make", "ink", 14, "end")
    d.text(240, 256, "evidence:", "blue", 14, "end", bold=True)
    d.text(240, 274, "Arrow, JSON", "blue", 14, "end", bold=True)
    d.box(4, 292, 332, 172, "blue")
    d.box(16, 304, 308, 66, "blue")
    d.text(170, 328, "pytest judges the evidence", "ink", 15, "middle", bold=True)
    d.text(170, 352, "against the reference’s results", anchor="middle")
    d.line("M170 374V388", "grey", 2, head=True)
    d.text(170, 408, "nbgrader: points, feedback, gradebook", anchor="middle")
    d.text(170, 434, "kept here: solutions, grading seeds,", anchor="middle")
    d.text(170, 454, "everybody else’s work", anchor="middle")
    d.text(170, 484, "outside: trusted", "blue", 15, "middle", bold=True)
    return d


def _scene(d: Drawing, top: float, high: float) -> None:
    """One pile of rows before a wall; past it, the same rows in four lanes."""
    names = ("blue", "orange", "purple", "green")
    levels = int(high // 26)
    for row in range(levels):
        for column in range(max(1, 8 - row)):
            d.token(
                24 + 26 * column, top + high - 26 * (row + 1), "", names[(row * 3 + column) % 4], 22
            )
    d.bricks(254, top, 72, high, "grey")
    middle = top + high / 2
    d.add(f'<rect class="paper" x="252" y="{middle - 60:g}" width="76" height="120"/>')
    for lane, name in enumerate(names):
        y = middle - 54 + 29 * lane
        d.line(f"M240 {y + 11:g}H640", name, 2, head=True)
        for place in range(8):
            d.token(340 + 34 * place, y, "", name, 22)


def cover() -> Drawing:
    """The first page's picture. It has no words, so that it may shrink."""
    d = Drawing(
        228,
        "One pile before a wall, four lanes past it",
        "Left, a pile of coloured squares, the rows of a table, in front of a wall of bricks. "
        "Through an opening they go on to the right in four lanes, each lane of one colour.",
        660,
    )
    _scene(d, 4, 220)
    return d


def icon() -> Drawing:
    """What a browser shows beside the page's title: four rows of a table."""
    d = Drawing(32, "Beyond Pandas", "Four coloured squares.", 32)
    for place, name in enumerate(("blue", "orange", "purple", "green")):
        d.token(2 + 15 * (place % 2), 2 + 15 * (place // 2), "", name, 13)
    return d


def preview() -> Drawing:
    """What others show when a page is linked to."""
    d = Drawing(346, "Beyond Pandas", "The course's name above its cover picture.", 660)
    d.text(34, 66, "Beyond Pandas", "ink", 46, bold=True)
    d.text(34, 102, "A course for people whose data has stopped fitting:", "grey", 21)
    d.text(34, 130, "Spark, models, and pipelines that run at night", "grey", 21)
    _scene(d, 156, 180)
    return d


DRAWINGS: dict[str, Callable[[], Drawing]] = {
    one.__name__: one
    for one in (processes, shop, shuffle, stages, memory_wall, grading_wall, cover)
}


def paint(path: Path) -> None:
    """Write the preview as a PNG of 1200 x 630 pixels."""
    import shutil

    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if not chromium:
        raise SystemExit("chromium is missing: install Debian's package of that name")
    with sync_playwright() as play, tempfile.TemporaryDirectory() as folder:
        page_file = Path(folder) / "preview.html"
        page_file.write_text(
            "<style>body{margin:0}svg{width:1200px;height:630px;display:block}</style>"
            + preview().svg(),
            encoding="utf-8",
        )
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": PREVIEW[0], "height": PREVIEW[1]})
        page.goto(page_file.as_uri())
        page.screenshot(path=str(path))
        browser.close()
    from PIL import Image

    with Image.open(path) as seen:  # few colours make a small file
        seen.convert("RGB").quantize(64).save(path, optimize=True)


if __name__ == "__main__":
    for name, draw in DRAWINGS.items():
        (STATIC / f"{name}.svg").write_text(draw().svg(), encoding="utf-8")
    (STATIC / "icon.svg").write_text(icon().svg(), encoding="utf-8")
    if "--preview" in sys.argv:
        paint(STATIC / "preview.png")
