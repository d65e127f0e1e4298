"""The pytest plugin that gives an exercise's tests their evidence and writes down what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.cases import Point
from autograder.checking import Gap
from autograder.evidence import Outcome, Result


@dataclass
class Judgement:
    """What one test said at one point."""

    test: str
    point: Point | None
    outcome: str  # "passed", "failed", "skipped", "error"
    seconds: float
    gap: Gap | None = None
    message: str = ""
    result: Result | None = None
    looked_at: Outcome | None = None  # the call that the test looked at last
    looked_at_how: bool = False


class Judge:
    """Runs an exercise's tests on evidence that is already there."""

    def __init__(self, results: dict[Point, Result], expected: dict[Point, Result]):
        self.results = results
        self.expectations = expected
        self.judgements: list[Judgement] = []
        self.points: dict[str, float] = {}
        self.needs: dict[str, tuple[str, ...]] = {}
        self._failed: set[str] = set()

    def pytest_configure(self, config: pytest.Config) -> None:
        for mark in ("case(name)", "points(number)", "depends(*tests)"):
            config.addinivalue_line("markers", f"{mark}: see autograder/checking.py")
        config.option.tbstyle = "native"  # nobody reads the traceback, and pytest's own is slow

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        mark = metafunc.definition.get_closest_marker("case")
        if mark and "judged" in metafunc.fixturenames:
            points = [point for point in self.results if point.case == mark.args[0]]
            metafunc.parametrize("judged", points, ids=str)

    @pytest.fixture
    def result(self, judged: Point) -> Result:
        """What the answer gave."""
        return self.results[judged]

    @pytest.fixture
    def expected(self, judged: Point) -> Result:
        """What the reference gave for the same calls."""
        return self.expectations[judged]

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            mark = item.get_closest_marker("points")
            self.points[_name(item)] = float(mark.args[0]) if mark else 0.0
            needs = [test for mark in item.iter_markers("depends") for test in mark.args]
            self.needs[_name(item)] = tuple(needs)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for result in self.results.values():
            result.looked_at, result.looked_at_how = None, False
        for mark in item.iter_markers("depends"):
            for needed in mark.args:
                if needed in self._failed:
                    name = needed.removeprefix("test_").replace("_", " ")
                    pytest.skip(f"not judged before “{name}” passes")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        report = (yield).get_result()  # type: ignore[attr-defined]
        if report.when == "setup" and report.outcome == "passed":
            return
        if report.when == "teardown":
            return
        raised = call.excinfo.value if call.excinfo else None
        params: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        point = params.get("judged")
        outcome = report.outcome
        gap = raised if isinstance(raised, Gap) else None
        if outcome == "failed" and not isinstance(raised, AssertionError):
            outcome = "error"  # the check itself broke, which is not the learner's fault
        if outcome != "passed":
            self._failed.add(_name(item))
        result = self.results.get(point) if point else None
        self.judgements.append(
            Judgement(
                _name(item),
                point,
                outcome,
                report.duration,
                gap,
                str(raised) if raised else "",
                result,
                result.looked_at if result else None,
                bool(result and result.looked_at_how),
            )
        )


def _name(item: pytest.Item) -> str:
    return getattr(item, "originalname", None) or item.name
