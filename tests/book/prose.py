"""The prose of the course's Markdown, without its code, tables and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

SPOKEN = {"dropdown", "figure", "admonition", "glossary", "note"}  # blocks whose content is prose
FENCE = re.compile(r"^(`{3,}|~{3,})(?:\{([\w:-]+)\})?(.*)$")
NEW_BLOCK = re.compile(r"\s*(?:[-*] |\d+\. |\||#|\(|:\w+:|:alt:|% |\*\*Verdict)")
ENDS = re.compile(r"(?<=[.!?])(?:\s+|$)|(?<=[.!?][\"')*])(?:\s+|$)")
ABBREVIATED = re.compile(r"\b(?:et al|vs|e\.g|i\.e|[A-Z])\.$")


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs, list items, headings and cells of tables: the line they begin in, and the text.

    What stands in code blocks, in front matter and in comments is left out; a dropdown's title and
    a figure's text alternative are prose.
    """
    lines = text.split("\n")
    start = 0
    if lines[0] == "---":
        start = lines.index("---", 1) + 1
    held: list[str] = []
    began, fences = 0, list[tuple[str, bool]]()

    def let_go() -> Iterator[tuple[int, str]]:
        if held:
            yield began, " ".join(held)
            held.clear()

    for number, line in enumerate(lines[start:], start + 1):
        fence = FENCE.match(line.strip())
        if fence:
            yield from let_go()
            if fences and not fence[2] and not fence[3] and fence[1] == fences[-1][0]:
                fences.pop()
                continue
            fences.append((fence[1], fence[2] in SPOKEN))
            if fence[2] in {"dropdown", "admonition"}:
                yield number, fence[3].strip()
            continue
        spoken = all(open_ for _, open_ in fences)
        in_a_cell = re.match(r"    alt: (.+)", line) if fences else None  # its metadata
        alt = re.match(r"\s*:alt:\s*(.+)", line) or in_a_cell
        if alt:
            yield from let_go()
            yield number, alt[1]
            continue
        if not spoken:
            continue
        if not line.strip() or NEW_BLOCK.match(line):
            yield from let_go()
        if not line.strip() or re.match(r"\s*(:\w+:|% |\(\S+\)=$)", line):
            continue
        if line.lstrip().startswith("|"):
            for cell in line.strip().strip("|").split("|"):
                if cell.strip(" -:"):
                    yield number, cell.strip()
            continue
        if not held:
            began = number
        held.append(re.sub(r"^\s*(?:#+|[-*]|\d+\.) ", "", line).strip())
        if line.startswith("#"):
            yield from let_go()
    yield from let_go()


def spoken(text: str) -> str:
    """One block as it would be read aloud: a role or a link is its words, code is the word code."""
    text = re.sub(r"\{(?:ref|term|doc)\}`([^`<]+?)\s*<[^`]*>`", r"\1", text)
    text = re.sub(r"\{term\}`([^`]*)`", r"\1", text)
    text = re.sub(r"\{[\w:]+\}`[^`]*`", "this", text)
    text = re.sub(r"(`+)[^`]+\1", "code", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]+>|https?://\S+", "", text)
    return re.sub(r"\*+", "", text)


def sentences(text: str) -> Iterator[str]:
    """The sentences of one block."""
    begun = ""
    for part in ENDS.split(spoken(text)):
        begun = f"{begun} {part}".strip()
        if begun and not ABBREVIATED.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def notebook_prose(source: str) -> str:
    """The Markdown cells of a notebook that is written as text, lines kept where they are."""
    kept, markdown = [], False
    for line in source.split("\n"):
        if line.startswith("# %%"):
            markdown = "[markdown]" in line
            kept.append("")
        else:
            kept.append(line.removeprefix("# ").removeprefix("#") if markdown else "")
    return "\n".join(kept)


def prose_of(path: Path) -> Iterator[tuple[int, str]]:
    """The blocks of a page, or of a notebook in `solutions/`."""
    text = path.read_text(encoding="utf-8")
    return blocks(notebook_prose(text) if path.suffix == ".py" else text)
