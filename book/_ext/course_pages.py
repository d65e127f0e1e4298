"""A small Sphinx extension: what every page of the book says about itself, and what it leaves out.

- Each page has a description: that of its front matter (`myst: html_meta: description`), or else
  its first paragraph. A page that is linked to is shown with it, with its title and the book's
  picture. The picture's address is whole where `BOOK_URL` says where the book is published.
- Scripts of a launch button that no page has are left out; the theme declared one name twice.
- The theme follows the system's until a reader says otherwise. It has to be told, or it complains.
"""

from __future__ import annotations

import html
import os
import re
from typing import Any

from docutils import nodes

LONGEST = 200  # characters of a description; search engines show about 160
PREVIEW = "_static/preview.png"


def described(doctree: nodes.document) -> str:
    """The first paragraph of some length, cut at the end of a sentence or word."""
    for paragraph in doctree.findall(nodes.paragraph):
        outer = paragraph.parent
        if not isinstance(outer, (nodes.section, nodes.document)):
            continue
        text = re.sub(r"\s+", " ", paragraph.astext()).strip()
        if len(text) >= 60 and not isinstance(paragraph.children[0], nodes.emphasis):
            return shortened(text)
    return ""


def shortened(text: str) -> str:
    """`text` in at most `LONGEST` characters, whole sentences where that leaves enough."""
    if len(text) <= LONGEST:
        return text
    cut = text[:LONGEST]
    end = max(cut.rfind(mark) for mark in (". ", "? ", "! "))
    return cut[: end + 1] if end >= 60 else cut[: cut.rfind(" ")].rstrip(",;:") + " …"


def add_meta(
    app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add the description and what a preview of a link needs; set right what the theme does."""
    context["script_files"] = [
        one
        for one in context.get("script_files", [])
        if "thebe" not in f"{getattr(one, 'filename', one)}{_body(one)}".lower()
    ]
    context["default_mode"] = context.get("default_mode") or "auto"
    if doctree is None:
        return
    tags = context.get("metatags", "")
    found = re.search(r'<meta [^>]*name="description"[^>]*>', tags)
    content = re.search(r'content="([^"]*)"', found.group()) if found else None
    told = html.unescape(content.group(1)) if content else described(doctree)
    title = re.sub(r"<[^>]+>", "", context.get("title", ""))
    base = os.environ.get("BOOK_URL", app.config.html_baseurl).rstrip("/")
    picture = f"{base}/{PREVIEW}" if base else context["pathto"](PREVIEW, 1)
    if told and not found:
        tags += f'<meta name="description" content="{html.escape(told)}" />\n'
    for name, value in {
        "og:type": "website",
        "og:site_name": app.config.html_title or app.config.project,
        "og:title": html.unescape(title),
        "og:description": told,
        "og:image": picture,
        "og:image:alt": "Rows before a wall of bricks, and past it in four lanes.",
        "og:image:width": "1200",
        "og:image:height": "630",
        **({"og:url": f"{base}/{pagename}.html"} if base else {}),
    }.items():
        tags += f'<meta property="{name}" content="{html.escape(value)}" />\n'
    context["metatags"] = tags + '<meta name="twitter:card" content="summary_large_image" />\n'


def _body(script: Any) -> str:
    return str(getattr(script, "attributes", {}).get("body") or "")


def setup(app: Any) -> dict[str, bool]:
    """Take part in the building of pages, after the theme and other extensions."""
    app.connect("html-page-context", add_meta, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
