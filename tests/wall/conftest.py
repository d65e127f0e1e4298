"""Real jails for the tests; without bubblewrap each test is skipped and says why."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.wall import Finished, Wall
from tests.wall.jails import Run, start, wall_or_skip


@pytest.fixture(params=[True, False], ids=["control_groups", "limits_and_watchdog"])
def wall(request: pytest.FixtureRequest) -> Wall:
    return wall_or_skip(request.param)


@pytest.fixture
def run(wall: Wall) -> Run:
    """Run Python code behind the wall to its end."""

    def run_code(code: str, *, seconds: float = 60, **options: object) -> Finished:
        with start(wall, code, **options) as jailed:  # type: ignore[arg-type]
            return jailed.finish(seconds)

    return run_code


@pytest.fixture
def printed(run: Run) -> Callable[..., str]:
    """What the code prints; it must end well."""

    def run_and_read(code: str, **options: object) -> str:
        done = run(code, **options)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    return run_and_read
