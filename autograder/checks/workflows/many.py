"""Checks of `many`: at once, but not too many; one that fails costs only itself."""

import pytest

from autograder.checking import Call, Case, Exercise, Made, Shop, Then, expect
from autograder.checks.workflows._flows import ended, runs_of, states
from autograder.compare import same_value
from autograder.evidence import Result

EXERCISE = Exercise(
    id="workflows.many",
    title="Several at once, but not all",
    section="at-once",
    minutes=15,
    hints=(
        "A task that is called waits for its end. A task that is submitted, or mapped, runs on a "
        "thread, and gives a future at once.",
        "How many threads there are, the flow's task runner says: "
        "@flow(task_runner=ThreadPoolTaskRunner(max_workers=limit)).",
        "futures = [fetch.submit(one) for one in sources], and then a loop over the futures in "
        "that order. future.result(raise_on_failure=False) gives the exception instead of "
        "raising it.",
    ),
)


def _calls(shop: Shop, many: int, limit: int, failing: list[int], meeting: int = 0) -> list[Call]:
    cents = [int(one) for one in shop.random.integers(1_000, 900_000, size=many)]
    if many > 2:
        cents[2] = 0  # a branch that has sold nothing has answered, too
    return [
        Call(
            Made("branches", (cents, failing, meeting), shown=f"{many} sources"),
            limit,
            Made("sink", shown="sink"),
            then=Then("gathered"),
            seconds=60,
        )
    ]


CASES = {
    "eight": Case(
        lambda shop: _calls(shop, 8, 3, [], meeting=3),
        self_check=("tiny",),
        grading=("small",),
        prefect=True,
    ),
    "one_fails": Case(
        lambda shop: _calls(shop, 5, 2, [1]), self_check=("tiny",), grading=("small",), prefect=True
    ),
    "none": Case(
        lambda shop: _calls(shop, 0, 2, []), self_check=("tiny",), grading=("small",), prefect=True
    ),
}


@pytest.mark.case("eight")
@pytest.mark.points(3)
def test_values(result: Result, expected: Result) -> None:
    value, wanted = result.value, expected.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "All eight sources answered")
    expect(
        len(value["written"]) == 1,
        f"sink.write should be called once with the list; it was called {len(value['written'])} "
        "times.",
    )
    got, want = value["written"][0], wanted["written"][0]
    if got != want and len(got) == 1 and isinstance(got[0], list) and set(got[0]) == set(want[0]):
        expect(
            False,
            "The revenues are there, in another order than their sources.",
            f"written:  {got[0]}",
            f"expected: {want[0]}",
            advice="Ask the futures for their results in the order in which you submitted them.",
        )
    same_value(got, want)


@pytest.mark.case("one_fails")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_one_fails(result: Result, expected: Result) -> None:
    """One source of five does not answer: its place holds None, and its task run is FAILED."""
    value = result.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "One source of five did not answer")
    expect(
        value["written"] == expected.value["written"],
        "When one source of five fails, the other four revenues should be written, and None.",
        f"written:  {value['written'][:1]}",
        f"expected: {expected.value['written']}",
    )
    failed = [one for one in run.tasks if one.state == "FAILED"]
    expect(
        len(failed) == 1,
        f"The fetch that failed should be a FAILED task run; {len(failed)} are.",
        *states(run),
    )


@pytest.mark.case("none")
@pytest.mark.points(1)
def test_no_sources(result: Result) -> None:
    value = result.value
    (run,) = runs_of(value)
    ended(run, "COMPLETED", "There were no sources")
    expect(
        value["written"] == [[[]]],
        f"Without sources an empty list should be written: {value['written'][:1]}.",
    )


@pytest.mark.case("eight")
@pytest.mark.points(2)
@pytest.mark.depends("test_values")
def test_at_once(result: Result) -> None:
    value = result.value
    expect(
        value["most"] >= 3,
        f"With limit=3, three fetches should be under way at once; at most {value['most']} were.",
        advice="A call waits for its end before the next begins. Submit the tasks instead.",
    )
    (run,) = runs_of(value)
    expect(
        len([one for one in run.tasks if one.state == "COMPLETED"]) >= 8,
        "Each source should be fetched by a task run of its own.",
        *states(run),
        advice="A thread of your own is none that Prefect can see, repeat or limit.",
    )


@pytest.mark.case("eight")
@pytest.mark.points(2)
@pytest.mark.depends("test_at_once")
def test_not_more_than(result: Result) -> None:
    value = result.value
    expect(
        value["most"] <= 3,
        f"With limit=3, {value['most']} fetches were under way at once.",
        advice="Limit the threads of the flow's task runner, or submit in groups.",
    )
