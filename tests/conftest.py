"""What holds for all tests: where nothing may be skipped, a skip is a failure.

And what a test has counted is said at the end of the run.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

COUNTS = pytest.StashKey[list[str]]()
SAID_EVERY = 20.0  # seconds between two words of progress
One = TypeVar("One")
Progress = Callable[[Iterable[One], int, str], Iterator[One]]

# A shell that starts the tests in the background has them ignore Ctrl-C, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def count(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A function that adds a line to the counts at the end: count("mutants caught: 9 of 9")."""
    lines: list[str] = request.config.stash.setdefault(COUNTS, [])
    return lines.append


@pytest.fixture(scope="session")
def progress(request: pytest.FixtureRequest) -> Progress[Any]:
    """A function that passes things on, and says on the terminal how many of them there were.

    For what takes minutes before the first test of a file can end: progress(found, 41, "graded").
    """
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    capture = request.config.pluginmanager.get_plugin("capturemanager")

    def passed_on(things: Iterable[One], total: int, what: str) -> Iterator[One]:
        said = time.monotonic()
        for number, one in enumerate(things, start=1):
            if reporter and capture and time.monotonic() - said >= SAID_EVERY:
                said = time.monotonic()
                with capture.global_and_fixture_disabled():
                    reporter.write_line(f"{what}: {number} of {total}")
            yield one

    return passed_on


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = [*config.stash.get(COUNTS, []), *_tally(terminalreporter)]
    if lines:
        terminalreporter.section("counts")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The learner's progress and notebooks of a test run: not those of whoever runs it."""
    folder = tmp_path_factory.mktemp("learner")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEYOND_PANDAS_HOME", str(folder / "home"))
        patch.setenv("BEYOND_PANDAS_WORK", str(folder / "work"))
        yield folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window, as Playwright's object. It fetches nothing of its own accord."""
    path = shutil.which("chromium")
    if not path:
        pytest.skip("chromium is missing: it is a Debian package, see scripts/debian_packages.py")
    from playwright.sync_api import sync_playwright

    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield found
        found.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("counted"):
        item.user_properties.append(("counted", mark.args[0]))


def _tally(reporter: pytest.TerminalReporter) -> list[str]:
    """For each thing that tests are marked as counting: how many of them passed."""
    passed: dict[str, int] = {}
    total: dict[str, int] = {}
    for outcome in ("passed", "failed", "error", "xfailed"):
        for report in reporter.stats.get(outcome, []):
            for name, what in getattr(report, "user_properties", ()):
                if name == "counted" and (report.when == "call" or outcome == "error"):
                    total[what] = total.get(what, 0) + 1
                    passed[what] = passed.get(what, 0) + (outcome == "passed")
    return [f"{what}: {passed[what]} of {total[what]}" for what in total]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips",
        action="store_true",
        default=bool(os.environ.get("CI")),
        help="a test that is skipped counts as failed (the default where CI is set)",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if item.config.getoption("--no-skips") and not hasattr(report, "wasxfail"):
        _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if collector.config.getoption("--no-skips"):
        _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"nothing may be skipped here, and this was: {reason}"
