"""Checks of `patient`: one task is tried again, and only where that can help."""

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import called, ended, runs_of, some_orders, states
from autograder.compare import same_value
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.patient",
    title="Try again, but only what helps",
    section="retries",
    minutes=15,
    hints=(
        "Retries belong to the task that may fail for a moment, not to the flow: a flow that is "
        "tried again begins from its first line.",
        "@task takes retries and retry_delay_seconds, and a retry_condition_fn, which is given "
        "the task, its run and the failed state, and says whether to try again.",
        "@task(retries=3, retry_delay_seconds=delay, retry_condition_fn=worth_it). In worth_it, "
        "state.result(raise_on_failure=False) gives the exception: return False for a LookupError.",
    ),
)


def _call(shop: Shop, fails: int, error: str = "gone", sink: int = 0, delay: float = 0.05) -> Call:
    return Call(
        Made("source", ({"2025-03-01": some_orders(shop, 12)}, fails, error), shown="source"),
        Made("sink", (sink,), shown="sink"),
        delay,
        then=Then("runs", ([{}],)),
        seconds=60,
    )


CASES = {
    "twice": Case(
        lambda shop: [_call(shop, 2, delay=float(shop.random.choice([0.1, 0.12, 0.15])))],
        self_check=("tiny",), grading=("small",), prefect=True,
    ),
    "always": Case(
        lambda shop: [_call(shop, 9)], self_check=("tiny",), grading=("small",), prefect=True
    ),
    "missing": Case(
        lambda shop: [_call(shop, 9, "missing")],
        self_check=("tiny",), grading=("small",), prefect=True,
    ),
    "sink": Case(
        lambda shop: [_call(shop, 0, sink=1)],
        self_check=("tiny",), grading=("small",), prefect=True,
    ),
}  # fmt: skip


@pytest.mark.case("twice")
@pytest.mark.points(4)
def test_values(result: Result, expected: Result) -> None:
    """The source fails twice, and the report is written all the same."""
    value = result.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "The source failed twice and then answered")
    same_value(value["written"], expected.value["written"])


@pytest.mark.case("always")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_gives_up(result: Result) -> None:
    """The source never answers."""
    value = result.value
    (run,) = runs_of(value)
    ended(run, "FAILED", "The source never answered")
    expect(
        value["calls"] == 4,
        f"A source that never answers should be asked 4 times; it was asked {value['calls']} "
        "times.",
        *states(run),
        advice="retries=3 means three more times after the first.",
    )
    expect(value["writes"] == 0, "Something was written although there were no orders.")


@pytest.mark.case("missing")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_no_use_in_trying(result: Result) -> None:
    """The day is not there, and will not be there in a second."""
    value = result.value
    (run,) = runs_of(value)
    ended(run, "FAILED", "The source raised a LookupError")
    expect(
        value["calls"] == 1,
        f"After a LookupError the source should not be asked again; it was asked {value['calls']} "
        "times.",
        *states(run),
        advice="Say which failures are worth another try: retry_condition_fn.",
    )


@pytest.mark.case("twice")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_seen_in_the_states(result: Result) -> None:
    value = result.value
    (run,) = runs_of(value)
    extracts = called(run, "extract")
    expect(
        len(extracts) == 1 and extracts[0].retries == 2 and value["announced"] == 1,
        "extract should have one task run of three attempts, and the owner be called once; the "
        f"owner was called {value['announced']} times.",
        *states(run),
        advice="Let Prefect do the retries of this one task: then they are in its states, and "
        "the rest of the flow runs once.",
    )
    delay = result.calls[0].arguments[2]
    expect(
        value["shortest_gap"] >= 0.9 * delay,
        f"Between two tries {delay} s should pass; {value['shortest_gap']:.2f} s did.",
        advice="retry_delay_seconds=delay; without it a retry comes at once.",
    )


@pytest.mark.case("sink")
@pytest.mark.points(1)
@pytest.mark.depends("test_values")
def test_the_rest_is_not_repeated(result: Result) -> None:
    """The warehouse fails once. Nobody asked for that to be tried again."""
    value = result.value
    (run,) = runs_of(value)
    ended(run, "FAILED", "sink.write failed")
    expect(
        value["writes"] == 1 and value["calls"] == 1 and value["announced"] == 1,
        f"After sink.write failed nothing should be tried again: announced {value['announced']}, "
        f"fetched {value['calls']}, written {value['writes']} times.",
        *states(run),
    )
