"""What a class found hard: from the verdicts on file, as a table and as a page."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from autograder.classroom.roster import Member, named
from autograder.classroom.standing import Standing
from autograder.course import exercises


@dataclass(frozen=True)
class Check:
    """How one check went in the class. Only who attempted the exercise is counted."""

    exercise: str
    test: str
    failed: int
    judged: int  # passed or failed
    skipped: int  # an earlier check of the same answer failed

    @property
    def share(self) -> float:
        return self.failed / self.judged if self.judged else 0.0


@dataclass(frozen=True)
class Mistake:
    """A misconception that answers showed."""

    exercise: str
    name: str
    sentence: str
    students: int


@dataclass(frozen=True)
class ClassReport:
    """What the verdicts on a chapter say together."""

    chapter: str
    notebooks: int
    graded: int
    checks: tuple[Check, ...]  # the hardest first; those that nobody failed are left out
    mistakes: tuple[Mistake, ...]  # the most frequent first
    not_attempted: tuple[tuple[str, int], ...]  # (exercise, by how many), in the chapter's order
    set_aside: tuple[tuple[str, str], ...]  # (student, why)
    our_faults: tuple[tuple[str, str], ...]  # (student, what)
    waiting: tuple[str, ...]  # students whose notebook is not graded yet


def make_report(
    chapter: str, standings: Sequence[Standing], roster: Mapping[str, Member] | None = None
) -> ClassReport:
    """Count what the class's verdicts say. `roster` gives the students' names."""
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    mistakes: Counter[tuple[str, str, str]] = Counter()
    missing: Counter[str] = Counter()
    aside, faults, waiting, graded = [], [], [], 0
    for one in standings:
        verdict, who = one.verdict, named(one.student, roster or {})
        if verdict is None:
            waiting.append(who)
            continue
        if verdict.state == "ungradable":
            aside.append((who, verdict.reason))
            continue
        if verdict.state == "grader_error":
            faults.append((who, verdict.reason))
            continue
        graded += 1
        for answer in verdict.exercises:
            name = answer.exercise.partition(".")[2]
            if answer.state == "not attempted":
                missing[name] += 1
            for test in answer.tests:
                outcomes[name, test.name][test.outcome] += 1
            broken = [test for test in answer.tests if test.outcome == "error"]
            if broken:
                faults.append((who, f"{name}, {broken[0].name}: {broken[0].message}"))
            finding = answer.finding
            if finding and finding.misconception and answer.state == "failed":
                mistakes[name, finding.misconception, finding.advice] += 1
    order = [one.name for one in exercises(chapter)]
    checks = [
        Check(name, test, n["failed"], n["passed"] + n["failed"], n["skipped"])
        for (name, test), n in outcomes.items()
        if n["failed"]
    ]
    checks.sort(key=lambda c: (-c.share, -c.failed, order.index(c.exercise), c.test))
    return ClassReport(
        chapter,
        len(standings),
        graded,
        tuple(checks),
        tuple(Mistake(*which, count) for which, count in mistakes.most_common()),
        tuple((name, missing[name]) for name in order),
        tuple(aside),
        tuple(faults),
        tuple(waiting),
    )


def _said(test: str) -> str:
    return test.removeprefix("test_").replace("_", " ")


NOTHING = "Nothing is graded yet."


@dataclass(frozen=True)
class _Section:
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


def _sections(report: ClassReport) -> list[_Section]:
    """The report's tables, for the terminal and the page alike."""
    return [
        _Section(
            "Hardest checks",
            ("failed", "exercise", "check", "not reached"),
            tuple(
                (
                    f"{c.share:.0%} ({c.failed} of {c.judged})",
                    c.exercise,
                    _said(c.test),
                    str(c.skipped or ""),
                )
                for c in report.checks
            ),
            "Nobody failed a check." if report.graded else NOTHING,
        ),
        _Section(
            "Most frequent misconceptions",
            ("answers", "exercise", "what they were told"),
            tuple(
                (str(m.students), m.exercise, m.sentence or m.name.replace("_", " "))
                for m in report.mistakes
            ),
            "No answer showed a known misconception." if report.graded else NOTHING,
        ),
        _Section(
            "Not attempted",
            ("by", "exercise"),
            tuple(
                (f"{count / report.graded:.0%} ({count} of {report.graded})", name)
                for name, count in report.not_attempted
                if count
            )
            if report.graded
            else (),
            "Everybody tried everything." if report.graded else NOTHING,
        ),
        _Section("Notebooks set aside", ("student", "why"), report.set_aside, "None."),
        _Section(
            "Faults of ours, which cost nobody a point",
            ("student", "what broke"),
            report.our_faults,
            "None.",
        ),
        _Section(
            "Not graded yet",
            ("student",),
            tuple((who,) for who in report.waiting),
            "None.",
        ),
    ]


def _title(report: ClassReport) -> str:
    return f"{report.chapter}: {report.graded} of {report.notebooks} notebooks graded"


def as_tables(report: ClassReport) -> Group:
    """The report for a terminal."""
    parts: list[Table | Text] = [Text(_title(report), style="bold")]
    for section in _sections(report):
        if not section.rows:
            parts.append(Text(f"\n{section.title}: {section.empty[0].lower()}{section.empty[1:]}"))
            continue
        parts.append(Text(f"\n{section.title}"))
        table = Table()
        for head in section.heads:
            table.add_column(head, overflow="fold")
        for row in section.rows:
            table.add_row(*map(escape, row))
        parts.append(table)
    return Group(*parts)


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}
div {{ overflow-x: auto }}
table {{ border-collapse: collapse }}
th, td {{ text-align: left; vertical-align: top }}
th, td {{ padding: .3em .8em; border-bottom: 1px solid #bbb }}
@media (max-width: 600px) {{ h1 {{ font-size: 1.4em }}
  th, td {{ padding: .3em; overflow-wrap: anywhere; font-size: .9em }} }}
</style></head><body>
<h1>{title}</h1>
{body}
</body></html>
"""


def as_page(report: ClassReport) -> str:
    """The report as a page that needs nothing else. What came from students is escaped."""
    body = []
    for section in _sections(report):
        body.append(f"<h2>{html.escape(section.title)}</h2>")
        if not section.rows:
            body.append(f"<p>{html.escape(section.empty)}</p>")
            continue
        heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in section.heads)
        rows = "\n".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in section.rows
        )
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table>"
        body.append(f"<div>{table}</div>")
    return PAGE.format(title=html.escape(_title(report)), body="\n".join(body))
