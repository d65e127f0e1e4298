"""The page that a student gets back: nbgrader's, with names of exercises, and for phones too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbgrader.server_extensions.formgrader as formgrader
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import default
from traitlets.config import Config

from autograder.course import chapters, exercises

PAGES = Path(__file__).parent / "pages"
THEIRS = Path(formgrader.__file__).parent
NO_RESPONSE = "No response."
FORMULA = re.compile(r"\$\$|\\\(|\\\[|\$[^$\s](?:[^$\n]*[^$\s])?\$")


def chapter_title(name: str) -> str:
    """`memory_wall` as a heading."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def part_title(cell: NotebookNode, chapter: str) -> str:
    """What an answer or a graded cell is called: its exercise's title, else nbgrader's name."""
    grade_id = str(cell.metadata["nbgrader"]["grade_id"])
    ours = exercises(chapter) if chapter in chapters() else []
    for one in ours:
        if grade_id in (one.name, f"check_{one.name}"):
            return one.title
    return chapter_title(grade_id)


def as_number(points: float | None) -> str:
    """Points without a needless fraction."""
    return f"{round(points or 0, 2):g}"


def has_formulas(notebook: NotebookNode) -> bool:
    """Whether a cell's text needs MathJax, which is fetched from elsewhere."""
    return any(FORMULA.search(c.source) for c in notebook.cells if c.cell_type == "markdown")


class FeedbackExporter(HTMLExporter):
    """Writes feedback pages by `pages/feedback_page/`."""

    def __init__(self, config: Any = None, **more: Any):
        ours = Config()
        ours.FeedbackExporter.template_name = "feedback_page"
        ours.FeedbackExporter.extra_template_basedirs = [str(PAGES), str(THEIRS / "templates")]
        ours.FeedbackExporter.extra_template_paths = [
            str(THEIRS / "templates"),
            str(THEIRS / "static" / "node_modules" / "bootstrap" / "dist" / "css"),
        ]
        ours.merge(config or Config())
        super().__init__(config=ours, **more)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def default_filters(self) -> Any:
        yield from super().default_filters()
        for one in (chapter_title, part_title, as_number, has_formulas):
            yield one.__name__, one


class PeoplesComments(NbGraderPreprocessor):
    """Leaves out what nbgrader itself says of an answer that is as it was handed out: the report
    says it better."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("comment") == NO_RESPONSE:
                marks["comment"] = ""
        return nb, resources
