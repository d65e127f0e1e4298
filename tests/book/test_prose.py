"""The prose of the book, the notebooks and the README: spelled, short, and without padding."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import ROOT
from tests.book.prose import prose_of, sentences

READ = [
    *sorted((ROOT / "book").glob("*.md")),
    *sorted((ROOT / "solutions").glob("*.py")),
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
]
# Of a sentence; code, a number or a link counts as one word. An exercise has to be exact about many
# things at once.
MOST_WORDS, MOST_IN_AN_EXERCISE = 40, 55
# Words that say nothing, or say that something is easy to who finds it hard.
PADDING = re.compile(
    r"\b(simply|(?<!ha[sd] )just|very(?! same)|obviously|easy|easily|clearly|basically|actually|"
    r"trivial(?:ly)?|merely|straightforward|of course|needless to say|in order to|as you know|"
    r"it is (?:important|worth)|"
    r"utili[sz]e[sd]?|leverag(?:e|es|ed|ing)|seamless(?:ly)?|powerful|robust|delve|crucial|"
    r"cutting[- ]edge|state[- ]of[- ]the[- ]art)\b|^note that\b",
    re.IGNORECASE,
)
# One way to write a word, so that a search finds all of its uses.
OTHERWISE = {
    r"\b[Dd]ata ?frames?\b(?<!DataFrame)(?<!DataFrames)": "DataFrame, or frame",
    r"\bPandas\b(?! API)": "pandas, also at the beginning of a sentence",
    r"\b(?:Pyspark|pyspark|PYSPARK)\b": "PySpark",
    r"\b(?:Numpy|numpy)\b": "NumPy",
    r"\b(?:Scikit-[Ll]earn|sklearn)\b": "scikit-learn",
    r"\bMLLib\b|\bMllib\b": "MLlib",
    r"\bparquet\b": "Parquet",
    r"\bprefect\b": "Prefect",
    r"\b(?:out-of-memory|OOM)\b": "say what happens: a MemoryError, or killed",
}
NAMED = {"Beyond Pandas", "*Towards Scalable Dataframe Systems*"}  # titles, as they are


def found_in(path: Path) -> list[tuple[int, str]]:
    return [(line, one) for line, block in prose_of(path) for one in sentences(block)]


def test_no_word_is_misspelled() -> None:
    """codespell knows common slips; names of ours that look like one stand in pyproject.toml."""
    others = ["CHANGELOG.md", "autograder", "datasets/shop", "scripts", "benchmarks"]
    command = [sys.executable, "-m", "codespell_lib", "--skip", "*.json,*.png,__pycache__"]
    done = subprocess.run(
        [*command, *map(str, READ), *others], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_no_sentence_is_too_long(path: Path) -> None:
    said = found_in(path)
    assert said
    most = MOST_IN_AN_EXERCISE if path.parent.name == "solutions" else MOST_WORDS
    long = [
        f"{path.name}:{line}: {len(one.split())} words: {one}"
        for line, one in said
        if len(one.split()) > most
    ]
    assert not long, "\n".join(long)


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_no_word_only_fills(path: Path) -> None:
    fill = [
        f"{path.name}:{line}: {word[0]!r} in: {one}"
        for line, one in found_in(path)
        for word in PADDING.finditer(one)
    ]
    assert not fill, "\n".join(fill)


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_a_word_is_written_in_one_way(path: Path) -> None:
    other = []
    for line, block in prose_of(path):
        for title in NAMED:
            block = block.replace(title, "")
        for one in sentences(block):
            other += [
                f"{path.name}:{line}: {word[0]!r}, not {right}, in: {one}"
                for wrong, right in OTHERWISE.items()
                for word in re.finditer(wrong, one)
            ]
    assert not other, "\n".join(other)


def test_the_looks_at_prose_see_what_they_look_for(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "---\nvery: front matter\n---\n# A title\n\nIt is very {term}`short <row>`. `just` code.\n"
        "It ends\nhere, e.g. in two lines.\n\n```python\nsimply = 1\n```\n\n"
        "```{dropdown} Is it just a question?\n- *An option.* No. One clearly said.\n```\n\n"
        "| a cell | of course |\n|---|---|\n% simply a comment\n",
        encoding="utf-8",
    )
    said = [one for _, one in found_in(page)]
    assert said == [
        "A title", "It is very short.", "code code.", "It ends here, e.g. in two lines.",
        "Is it just a question?", "An option.", "No.", "One clearly said.", "a cell", "of course",
    ]  # fmt: skip
    assert [word[0] for one in said for word in PADDING.finditer(one)] == [
        "very", "just", "clearly", "of course",
    ]  # fmt: skip
    notebook = tmp_path / "notebook.py"
    notebook.write_text("# %% [markdown]\n# Very\n# good.\n\n# %%\n# a comment\nx = 1\n")
    assert found_in(notebook) == [(2, "Very good.")]
