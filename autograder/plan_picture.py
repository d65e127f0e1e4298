"""A physical plan as a picture: an SVG that stands in HTML as it is.

A box for each operator, the result on top and the files at the bottom: rows flow upwards. Boxes
that a reader looks for bear a word as well as a colour: where rows are read, shuffled, broadcast,
taken from a cache, or sent through Python. The picture is as wide as a phone. Text has the colour
of the page around it, so that it can be read on a light page and on a dark one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.course import content_hash
from autograder.palette import BADGES, ON_BADGE
from autograder.spark_record import Node, is_wrapper
from autograder.texts import readable

WIDTH = 340
MOST_BOXES = 60
_INDENT, _GAP, _HEAD, _LINE = 20, 16, 24, 14
_LETTER = 5.9  # width of a letter of a note, in a font of 10.5 px
_TITLE_LETTER = 7.0
_MOST_NOTE_LINES = 3
_MOST_LANES = 6


@dataclass(frozen=True)
class Kind:
    """What a box is marked as: a word, and a colour that white text can be read on."""

    word: str
    colour: str


READ = Kind("read", BADGES["green"])
SHUFFLE = Kind("shuffle", BADGES["orange"])
BROADCAST = Kind("broadcast", BADGES["gold"])
CACHE = Kind("cache", BADGES["blue"])
PYTHON = Kind("python", BADGES["purple"])
REUSED = Kind("used again", BADGES["grey"])
KINDS = (READ, SHUFFLE, BROADCAST, CACHE, PYTHON, REUSED)


def kind_of(node: Node) -> Kind | None:
    """What `node` is marked as; None for work within a task, such as a filter."""
    name = node.name
    if name.startswith("BroadcastExchange"):
        return BROADCAST
    if name.startswith("ReusedExchange"):
        return REUSED
    if name.startswith("Exchange"):
        return SHUFFLE
    if name.startswith("InMemoryTableScan"):
        return CACHE
    if "Python" in name or "InPandas" in name or "InArrow" in name:
        return PYTHON
    if name.startswith(("Scan", "BatchScan")):
        return READ
    return None


def note_of(node: Node) -> str:
    """What `node` does, in a few words; "" where its name says it."""
    text = _plain(node.text)
    name = node.name.strip()
    if name.startswith(("Scan", "BatchScan")) and "ReadSchema" in node.details:
        return _note_of_scan(node)
    if name == "Exchange":
        return _note_of_exchange(text)
    if name.endswith("Aggregate"):
        found = re.fullmatch(r"\w+\(keys=\[(.*?)\], functions=\[(.*)\].*\)", text)
        if found:
            keys, functions = found.groups()
            return ": ".join(part for part in (f"by {keys}" if keys else "", functions) if part)
    if name == "BroadcastExchange":
        return "a copy for every executor"
    if name == "ReusedExchange":
        return "the rows of a shuffle above"
    if name.endswith("EvalPython"):
        found = re.search(r"\[(.*?)\]", text)
        return found.group(1) if found else ""
    if name.endswith("Join") and (found := re.search(r"\[(.*?)\], \[(.*?)\], (\w+)", text)):
        left, right, kind = found.groups()
        small = re.search(r"Build(Left|Right)", text)
        sides = f"; the {small.group(1).lower()} side is copied" if small else ""
        return f"{kind}, {left} = {right}{sides if 'Broadcast' in name else ''}"
    if name == "Window" and (found := re.search(r", \[([^\[\]]*)\], \[([^\[\]]*)\]$", text)):
        return f"by {found.group(1)}, in order of {found.group(2)}"
    if name == "Sort":
        return re.sub(r"\], \w+(, \d+)?$", "", text.removeprefix("Sort ["))
    if name == "InMemoryTableScan":
        return "what is kept; below, how it was made"
    note = text.removeprefix(name).strip()
    return note[1:-1] if re.fullmatch(r"\[[^\[\]]*\]", note) else note


def _note_of_scan(node: Node) -> str:
    fields = node.details["ReadSchema"].removeprefix("struct<").removesuffix(">")
    columns = [part.partition(":")[0] for part in re.split(r",(?=\w+:)", fields) if part]
    where = re.search(r"([^/\[\],]+?)/?(?:, \.\.\.|\])", node.details.get("Location", ""))
    note = f"{where.group(1)}: " if where else ""
    note += ", ".join(columns) or "no columns"
    pushed = node.details.get("PushedFilters", "[]")[1:-1]
    return f"{note}; filters: {pushed}" if pushed else note


def _note_of_exchange(text: str) -> str:
    if "SinglePartition" in text:
        return "into one partition"
    if found := re.search(r"RoundRobinPartitioning\((\d+)\)", text):
        return f"in turn, into {found.group(1)} partitions"
    found = re.search(r"(hash|range)partitioning\((.*), (\d+)\)", text)
    if not found:
        return ""
    how, keys, parts = found.groups()
    by = "by" if how == "hash" else "by ranges of"
    return f"{by} {keys}, into {parts} partitions"


def _plain(text: str) -> str:
    """`text` without the numbers that Spark gives to columns and exchanges."""
    text = re.sub(r"#\d+L?", "", text)
    text = re.sub(r", \[plan_id=\d+\]", "", text)
    text = text.replace(", ENSURE_REQUIREMENTS", "").replace(" ASC NULLS FIRST", "")
    return readable(re.sub(r"\s+", " ", text), 2_000).strip()


@dataclass
class _Box:
    node: Node
    lane: int
    parent: _Box | None
    x: int = 0
    y: int = 0
    height: int = 0
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return WIDTH - self.x


def _shown_children(node: Node) -> Iterator[Node]:
    """The operators below `node` that have a box: what only wraps another has none, nor have
    those below a shuffle that is used again, which did not run again."""
    if node.name.startswith("ReusedExchange"):
        return
    for child in node.children:
        if is_wrapper(child) or child.name.startswith("AQEShuffleRead"):
            yield from _shown_children(child)
        else:
            yield child


def _boxes(plan: Node) -> list[_Box]:
    """A box for each operator, from the top down. Of several inputs the last one continues its
    parent's column; the others stand to the right of it."""
    found: list[_Box] = []
    pile: list[tuple[Node, int, _Box | None]] = [
        (node, 0, None) for node in _shown_children(Node("", "", {}, (plan,), {}))
    ]
    while pile:
        node, lane, parent = pile.pop()
        box = _Box(node, lane, parent)
        found.append(box)
        children = list(_shown_children(node))
        last = len(children) - 1
        for place in range(last, -1, -1):
            pile.append((children[place], min(lane + last - place, _MOST_LANES), box))
    return found


def _wrapped(note: str, width: float) -> tuple[str, ...]:
    """`note` in lines of at most `width` letters, the last one cut short where it is too long."""
    most = max(10, int(width))
    lines: list[str] = []
    rest = note
    while rest and len(lines) < _MOST_NOTE_LINES:
        if len(rest) <= most:
            lines.append(rest)
            rest = ""
            continue
        cut = rest.rfind(" ", most // 2, most + 1)
        cut = cut if cut > 0 else most
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        lines[-1] = lines[-1][: most - 2].rstrip() + " …"
    return tuple(lines)


def described(plan: Node) -> str:
    """The plan as sentences, for those who hear the picture."""
    boxes = _boxes(plan)
    counts = [
        f"{sum(kind_of(box.node) is kind for box in boxes)} x {kind.word}"
        for kind in KINDS
        if any(kind_of(box.node) is kind for box in boxes)
    ]
    steps = [
        box.node.name.strip()
        + (f" [{kind.word}]" if (kind := kind_of(box.node)) else "")
        + (f" for {box.parent.node.name.strip()}" if box.parent else "")
        for box in boxes[:MOST_BOXES]
    ]
    marked = f" Marked: {', '.join(counts)}." if counts else ""
    return f"{len(boxes)} operators, from the result down to the files.{marked} {'; '.join(steps)}."


def plan_as_svg(plan: Node, title: str = "Physical plan") -> str:
    """The plan as an SVG element.

    Args:
        plan: its uppermost operator.
        title: what the picture is called where it is read aloud.
    """
    boxes = _boxes(plan)
    left_out = len(boxes) - MOST_BOXES
    boxes = boxes[:MOST_BOXES]
    y = 2
    for box in boxes:
        box.x, box.y = 1 + box.lane * _INDENT, y
        note = readable(note_of(box.node), 500)
        box.notes = _wrapped(note, (box.width - 16) / _LETTER)
        box.height = _HEAD + _LINE * len(box.notes)
        y += box.height + _GAP
    height = y - _GAP + 2 + (18 if left_out > 0 else 0)
    told = described(plan)
    mark = "plan-" + content_hash(title, told)[:10]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-labelledby="{mark}-t {mark}-d" viewBox="0 0 {WIDTH + 1} {height}" '
        f'width="{WIDTH + 1}" height="{height}" '
        'style="max-width:100%;height:auto;display:block;font-family:sans-serif;color:inherit">',
        f'<title id="{mark}-t">{html.escape(readable(title, 200))}</title>',
        f'<desc id="{mark}-d">{html.escape(readable(told, 10_000))}</desc>',
    ]
    parts += [_line(box) for box in boxes if box.parent]
    parts += [_drawn(box) for box in boxes]
    if left_out > 0:
        parts.append(
            f'<text x="4" y="{height - 6}" font-size="11" fill="currentColor">'
            f"and {left_out} more below</text>"
        )
    return "".join([*parts, "</svg>"])


def _line(box: _Box) -> str:
    """The arrow from a box up to the one that takes its rows."""
    assert box.parent
    x, top = box.x + 9, box.parent.y + box.parent.height
    return (
        f'<path d="M{x} {box.y}V{top + 2}M{x - 4} {top + 7}L{x} {top + 2}L{x + 4} {top + 7}" '
        'fill="none" stroke="currentColor" stroke-width="1.4" opacity="0.75"/>'
    )


def _drawn(box: _Box) -> str:
    kind = kind_of(box.node)
    stroke = f'stroke="{kind.colour}" stroke-width="2"' if kind else 'stroke="currentColor"'
    name = readable(box.node.name.strip(), 100)
    badge = ""
    room = box.width - 16
    if kind:
        wide = round(len(kind.word) * 6.4 + 12)
        room -= wide + 6
        left = box.x + box.width - wide - 4
        badge = (
            f'<rect x="{left}" y="{box.y + 4}" width="{wide}" height="16" rx="8" '
            f'fill="{kind.colour}"/><text x="{left + wide / 2:.0f}" y="{box.y + 16}" '
            f'font-size="11" text-anchor="middle" fill="{ON_BADGE}">{kind.word}</text>'
        )
    most = max(8, int(room / _TITLE_LETTER))
    shown = name if len(name) <= most else name[: most - 1] + "…"
    notes = "".join(
        f'<text x="{box.x + 8}" y="{box.y + _HEAD + 8 + _LINE * place}" font-size="10.5" '
        f'fill="currentColor">{html.escape(line)}</text>'
        for place, line in enumerate(box.notes)
    )
    whole = html.escape(readable(_plain(box.node.text), 500) or name)
    return (
        f"<g><title>{whole}</title>"
        f'<rect x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="4" '
        f'fill="currentColor" fill-opacity="0.05" {stroke} stroke-opacity="{1 if kind else 0.5}"/>'
        f'<text x="{box.x + 8}" y="{box.y + 16}" font-size="12.5" font-weight="600" '
        f'fill="currentColor">{html.escape(shown)}</text>{badge}{notes}</g>'
    )
