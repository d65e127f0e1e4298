"""A verdict as a person reads it: plain text for a terminal, HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence

from autograder.checking import Exercise
from autograder.course import exercise as find
from autograder.palette import BADGES, ON_BADGE
from autograder.verdict import ExerciseVerdict, Finding

SIGNS = {
    "passed": "✓ passed",
    "failed": "✗ not yet",
    "error": "! our fault",
    "not attempted": "○ not attempted",
    "skipped": "– not judged",
}
# Of lines only: text has the colour of the page around it, so that it is read on light and dark.
COLOURS = {
    "passed": BADGES["green"],
    "failed": BADGES["orange"],
    "error": BADGES["purple"],
    "not attempted": BADGES["grey"],
    "skipped": BADGES["grey"],
}


def _number(value: float) -> str:
    return f"{value:g}"


def title_line(verdict: ExerciseVerdict) -> str:
    one = _exercise(verdict)
    return (
        f"{SIGNS[verdict.state]}   {one.title}   "
        f"{_number(verdict.points)} of {_number(verdict.max_points)} points"
    )


def _exercise(verdict: ExerciseVerdict) -> Exercise:
    chapter, _, name = verdict.exercise.partition(".")
    return find(chapter, name)


def section_line(one: Exercise) -> str:
    chapter, section = one.chapter.replace("_", " "), one.section.replace("-", " ")
    return f"Read on in the book: chapter “{chapter}”, section “{section}”."


def memory_line(finding: Finding, width: int = 30) -> str:
    """Peak against budget as a bar of text, e.g. `[#########|####]  peak 84 MiB, budget 60`."""
    if not finding.budget_mb or not finding.peak_mb:
        return ""
    if finding.peak_mb < 0.8 * finding.budget_mb:  # one large request was refused as a whole
        return ""
    largest = max(finding.budget_mb, finding.peak_mb)
    used = round(width * finding.peak_mb / largest)
    mark = min(width - 1, round(width * finding.budget_mb / largest))
    bar = "".join("|" if i == mark else "#" if i < used else "." for i in range(width))
    return f"[{bar}]  reached {finding.peak_mb:.0f} MiB of a budget of {finding.budget_mb:.0f} MiB"


def as_text(verdict: ExerciseVerdict) -> str:
    """The report as plain text, without escape codes."""
    one = _exercise(verdict)
    lines = [title_line(verdict)]
    if verdict.state == "not attempted":
        lines.append(
            "  The code is as it was handed out. Write your answer there, run it, and check again."
        )
        return "\n".join(lines)
    if verdict.cell_error:
        lines.append(f"  The cell of {one.name} did not run: {verdict.cell_error}")
    finding = verdict.finding
    if finding:
        lines += ["", "  " + finding.headline]
        if finding.called:
            lines.append("  called: " + finding.called)
        for detail in finding.details:
            lines += ["    " + line for line in detail.splitlines()]
        bar = memory_line(finding)
        if bar:
            lines.append("  " + bar)
        if finding.plan:
            lines += ["", "  what Spark ran:", *("    " + line for line in finding.plan)]
        if len(finding.partitions) > 1:
            lines += ["", "  bytes that each task read:"]
            lines += ["    " + line for line in partition_lines(finding.partitions)]
        if finding.advice:
            lines += ["", "  " + finding.advice]
        if verdict.state == "error":
            lines += [
                "",
                "  A check of the course broke. No point is lost by it: your teacher "
                "sees this and grades it again.",
            ]
        else:
            lines += ["", "  " + section_line(one)]
        lines.append("")
        for test in verdict.tests:
            name = test.name.removeprefix("test_").replace("_", " ")
            because = f"  ({test.message})" if test.outcome == "skipped" else ""
            lines.append(
                f"  {SIGNS[test.outcome]:<15} {name:<24} "
                f"{_number(test.points)}/{_number(test.max_points)}{because}"
            )
    return "\n".join(lines)


def memory_picture(finding: Finding, width: int = 420, height: int = 120) -> str:
    """Memory over time as an SVG, the budget as a dashed line; "" without a series."""
    if len(finding.memory) < 3 or not finding.budget_mb:
        return ""
    last = max(t for t, _ in finding.memory) or 1.0
    top = max(finding.budget_mb * 1.15, max(mb for _, mb in finding.memory) * 1.05)

    def place(t: float, mb: float) -> str:
        return f"{40 + (width - 50) * t / last:.1f},{height - 20 - (height - 30) * mb / top:.1f}"

    line = " ".join(place(t, mb) for t, mb in finding.memory)
    _, level = place(0, finding.budget_mb).split(",")
    label = (
        f"Memory over {last:.1f} s: it reached {max(mb for _, mb in finding.memory):.0f} MiB; "
        f"the budget is {finding.budget_mb:.0f} MiB."
    )
    return (
        f'<svg role="img" aria-label="{html.escape(label)}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" style="max-width:100%;font:11px sans-serif">'
        f'<polyline points="{line}" fill="none" stroke="{BADGES["blue"]}" '
        f'stroke-width="2"/>'
        f'<line x1="40" x2="{width - 10}" y1="{level}" y2="{level}" '
        f'stroke="{BADGES["orange"]}" stroke-width="1.5" stroke-dasharray="5 4"/>'
        f'<text x="44" y="{float(level) - 4:.0f}" fill="currentColor">budget '
        f"{finding.budget_mb:.0f} MiB</text>"
        f'<text x="40" y="{height - 4}" fill="currentColor">0 s</text>'
        f'<text x="{width - 44}" y="{height - 4}" fill="currentColor">{last:.1f} s</text></svg>'
    )


def _block(lines: Sequence[str]) -> str:
    text = html.escape("\n".join(lines))
    return f'<pre style="overflow-x:auto;margin:.2em 0 .6em">{text}</pre>'


def partition_lines(sizes: Sequence[int], width: int = 30) -> list[str]:
    """A bar for each task, the largest `width` characters long."""
    most = max(*sizes, 1)
    return [
        f"task {n:>2}  {'#' * round(width * size / most):<{width}}  {size:,} bytes"
        for n, size in enumerate(sizes)
    ]


def as_html(verdict: ExerciseVerdict) -> str:
    """The same report as HTML. Everything that came from the learner is escaped."""
    one = _exercise(verdict)
    colour = COLOURS[verdict.state]
    parts = [
        f'<div style="border-left:4px solid {colour};padding:.4em .9em;margin:.3em 0;'
        'line-height:1.45">',
        f'<strong style="background:{colour};color:{ON_BADGE};padding:.1em .5em;'
        f'border-radius:3px">{html.escape(SIGNS[verdict.state])}</strong> '
        f"&nbsp; {html.escape(one.title)} &nbsp; "
        f"{_number(verdict.points)} of {_number(verdict.max_points)} points",
    ]
    finding = verdict.finding
    if verdict.state == "not attempted":
        parts.append(
            "<p>The code is as it was handed out. Write your answer there, run it, and check "
            "again.</p>"
        )
    if verdict.cell_error:
        parts.append(
            f"<p>The cell of <code>{one.name}</code> did not run: "
            f"{html.escape(verdict.cell_error)}</p>"
        )
    if finding:
        said = html.escape(finding.headline)
        parts.append(f'<p style="margin:.5em 0"><strong>{said}</strong></p>')
        if finding.called:
            parts.append(f"<p>called: <code>{html.escape(finding.called)}</code></p>")
        if finding.details:
            parts.append(_block(finding.details))
        picture = memory_picture(finding)
        if picture or memory_line(finding):
            parts.append(picture or f"<pre>{html.escape(memory_line(finding))}</pre>")
        if finding.plan:
            parts.append("<p>What Spark ran:</p>" + _block(finding.plan))
        if len(finding.partitions) > 1:
            bars = partition_lines(finding.partitions)
            parts.append("<p>Bytes that each task read:</p>" + _block(bars))
        if finding.advice:
            parts.append(f"<p>{html.escape(finding.advice)}</p>")
        if verdict.state == "error":
            parts.append(
                "<p>A check of the course broke. No point is lost by it: your teacher "
                "sees this and grades it again.</p>"
            )
        else:
            parts.append(f"<p>{html.escape(section_line(one))}</p>")
        # With a style for each cell: pages that show it have tables of their own.
        whole = "padding:.1em 1.2em .1em 0;vertical-align:top;text-align:left"
        kept = f"{whole};white-space:nowrap"
        parts.append('<table style="font-size:.92em;border-collapse:collapse">')
        for test in verdict.tests:
            name = html.escape(test.name.removeprefix("test_").replace("_", " "))
            because = html.escape(test.message) if test.outcome == "skipped" else ""
            parts.append(
                f'<tr><td style="{kept}">{SIGNS[test.outcome]}</td><td style="{whole}">{name}</td>'
                f'<td style="{kept}">{_number(test.points)}/{_number(test.max_points)}</td>'
                f'<td style="{whole}">{because}</td></tr>'
            )
        parts.append("</table>")
    parts.append("</div>")
    return "\n".join(parts)


def table_of_points(verdicts: Sequence[ExerciseVerdict]) -> list[tuple[str, str, str]]:
    """(exercise, state, points) for each verdict, as text."""
    return [
        (
            v.exercise.partition(".")[2],
            SIGNS[v.state],
            f"{_number(v.points)}/{_number(v.max_points)}",
        )
        for v in verdicts
    ]
