"""What the book's pages hold: claims with verdicts, words explained, links that lead somewhere."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
import yaml

from autograder.course import ROOT, chapters, exercises, numbers
from tests.book.prose import sentences

BOOK = ROOT / "book"
VERDICTS = {"holds", "holds within limits", "does not hold here", "open"}
ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
LATER = {12, 16, 20}  # claims that a chapter to come will treat further


@cache
def text(page: str) -> str:
    """The page's Markdown, without its comments."""
    read = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    return re.sub(r"^%(?: .*)?\n", "", read, flags=re.MULTILINE)


def pages() -> list[str]:
    contents = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
    return [contents["root"], *(c["file"] for part in contents["parts"] for c in part["chapters"])]


def claims() -> dict[int, str]:
    """Each claim's section, by its number."""
    parts = re.split(r"^\(claim-(\d+)\)=\n## \1\. ", text("claims"), flags=re.MULTILINE)
    return {int(n): said for n, said in zip(parts[1::2], parts[2::2], strict=True)}


@cache
def labels() -> frozenset[str]:
    every = "\n".join(path.read_text(encoding="utf-8") for path in BOOK.glob("*.md"))
    return frozenset(re.findall(r"^\((\S+)\)=$", every, flags=re.MULTILINE))


@cache
def terms() -> dict[str, str]:
    """The glossary: what is said of each term."""
    (body,) = re.findall(r"^```\{glossary\}\n:sorted:\n\n(.*?)^```", text("glossary"), re.M | re.S)
    entries = [entry.split("\n", 1) for entry in body.strip().split("\n\n")]
    return {term: " ".join(said.split()) for term, said in entries}


def target(inside: str) -> str:
    """Where a role leads: what stands between angle brackets, or all of it."""
    found = re.search(r"<([^>]+)>$", inside, re.DOTALL)
    return " ".join((found[1] if found else inside).split())


# The claims


def test_there_are_twenty_claims_in_their_order() -> None:
    assert list(claims()) == list(range(1, 21))


@pytest.mark.parametrize("number", range(1, 21))
def test_a_claim_has_a_verdict_and_a_section_that_measures_it(number: int) -> None:
    said = claims()[number]
    (verdict,) = re.findall(r"^\*\*Verdict:\*\* (.+?)(?:\n\n|\n*\Z)", said, re.M | re.S)
    word = verdict.split(".")[0].strip("*")
    if word not in VERDICTS:
        # Its numbers may move with the machine: then the section that measures it says the word.
        moving = [key for _, page, key in taken(verdict) if is_verdict(page, key)]
        assert moving, f"claim {number} has no verdict: {verdict}"
    measured = [target(inside) for role, inside in ROLE.findall(said) if role == "ref"]
    assert measured and set(measured) <= labels(), f"claim {number}: {measured}"
    assert ("**To come:**" in said) == (number in LATER)
    assert word != "open" or number == 20, f"claim {number} is measured: give its verdict"


def taken(said: str) -> list[tuple[str, str, str]]:
    """The values of other pages that a text shows: the role, the page and the name."""
    found = re.findall(r"\{(glue:text)\}`(\w+)\.md::([^`]+)`", said)
    # MyST takes what follows the last colon for a format; without one it finds neither.
    assert all(key.endswith(":s") for _, _, key in found), found
    return [(role, page, key.removesuffix(":s")) for role, page, key in found]


def is_verdict(page: str, key: str) -> bool:
    return f'say("{key}", verdict(' in text(page)


@pytest.mark.parametrize("page", pages())
def test_a_value_that_a_page_shows_is_computed_where_it_says(page: str) -> None:
    for _, elsewhere, key in taken(text(page)):
        assert re.search(rf'say\(\s*"{key}",', text(elsewhere)), f"{elsewhere} has no {key!r}"


# The words


def test_the_glossary_is_in_order_and_each_word_is_explained_in_a_sentence_or_two() -> None:
    order = [term.casefold() for term in terms()]
    assert order == sorted(order) and len(order) > 50
    for term, said in terms().items():
        told = [one for one in sentences(said) if not one.startswith("See ")]
        assert 1 <= len(told) <= 3, (term, told)
        assert said.endswith("."), term


@pytest.mark.parametrize("page", pages())
def test_a_link_to_a_word_a_section_or_a_page_leads_there(page: str) -> None:
    known = {term.casefold() for term in terms()}
    for role, inside in ROLE.findall(text(page)):
        to = target(inside)
        if role == "term":
            assert to.casefold() in known, f"the glossary has no {to!r}"
        elif role == "ref":
            assert to in labels(), f"no section is called {to!r}"
        elif role == "doc":
            assert (BOOK / f"{to}.md").exists(), f"there is no page {to!r}"


def test_each_word_is_linked_from_somewhere() -> None:
    linked = {
        target(inside).casefold()
        for page in pages()
        for role, inside in ROLE.findall(text(page))
        if role == "term"
    }
    assert {term for term in terms() if term.casefold() not in linked} == set()


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapter_links_a_word_where_it_comes_first(chapter: str) -> None:
    """Once a page, and no link stands in the quiz, which is also asked in the terminal."""
    page, _, quiz = text(chapter).partition("## Quiz")
    linked = [target(inside) for role, inside in ROLE.findall(page) if role == "term"]
    assert len(linked) >= 5
    assert len(linked) == len(set(linked)), "linked twice: " + str(
        [one for one in linked if linked.count(one) > 1]
    )
    assert "{term}" not in quiz


# The chapters


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapter_opens_with_its_minutes_its_question_and_what_can_be_done_after_it(
    chapter: str,
) -> None:
    opening = text(chapter).split("---\n", 2)[2].split("\n(", 1)[0]
    minutes = re.search(
        r"^\*About (\d+) minutes to read, (\d+) to do the exercises?\.\*$", opening, re.M
    )
    assert minutes, "it does not say how long it takes"
    needed = sum(one.minutes for one in exercises(chapter))
    assert abs(int(minutes[2]) - needed) <= 5, f"its exercises take {needed} minutes"
    before, _, can = opening.partition("After this chapter you can\n")
    assert re.search(r"\*\*[^*]+\?\*\*", before), "it opens with no question of the shop's"
    assert len(re.findall(r"^- \w", can, re.M)) >= 5


@pytest.mark.parametrize("chapter", chapters())
def test_a_chapter_ends_with_what_to_remember_and_a_quiz(chapter: str) -> None:
    heads = [
        head for head in re.findall(r"^## (.+)$", text(chapter), re.M) if "Exercise" not in head
    ]
    assert heads[-2:] == ["What to remember", "Quiz"]  # the exercises may be shown after it
    points = text(chapter).partition("## What to remember")[2].partition("## Quiz")[0]
    assert 5 <= len(re.findall(r"^- ", points, re.M)) <= 10


def test_a_page_that_is_no_chapter_moves_no_number() -> None:
    """A chapter's number is its place among those that have exercises, in the table of contents."""
    have = set(chapters())
    in_order = [page for page in pages() if page in have]
    assert in_order == chapters() and len(pages()) > len(in_order)
    firsts = [numbers()[exercises(chapter)[0].id] for chapter in in_order]
    assert firsts == [f"{place}.1" for place in range(1, len(in_order) + 1)]


# Setting up


def test_the_pages_name_the_pythons_that_the_course_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in text("set_up")


def test_what_was_tested_is_said_alike_on_the_page_and_in_the_readme() -> None:
    row = re.compile(r"^\| Linux.+\| tested \|", re.M)
    for said in (text("set_up"), (ROOT / "README.md").read_text(encoding="utf-8")):
        (tested,) = row.findall(said)
        assert all(one in tested for one in ("Debian 12", "x86-64", "Python 3.11")), tested
        for system in ("macOS", "Windows"):
            rows = re.findall(rf"^\| {system}.*$", said, re.M)
            assert rows and all("not tested" in one or "not possible" in one for one in rows), rows


def test_commands_on_the_pages_are_commands_of_the_course() -> None:
    from autograder.cli import course

    known = set(course.commands)
    makefiles = (ROOT / "Makefile", ROOT / "autograder" / "publishing" / "students" / "Makefile")
    targets = {
        name for path in makefiles for name in re.findall(r"^([a-z-]+):", path.read_text(), re.M)
    }
    for page in ("using_the_course", "set_up", "teaching", "writing", "index", "start_here"):
        blocks = "".join(re.findall(r"^```text\n(.*?)^```", text(page), re.M | re.S))
        said = re.findall(r"^(course|make) ([a-z-]+)", blocks, re.M)
        said += re.findall(r"`(course|make) ([a-z-]+)[^`]*`", text(page))
        for tool, command in said:
            assert command in (known if tool == "course" else targets), f"{page}: {tool} {command}"
