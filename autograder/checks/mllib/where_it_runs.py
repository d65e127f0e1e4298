"""Checks of `where_it_runs`: which steps of a program about models are spread, told beforehand."""

from typing import Any

import pytest

from autograder.checking import Call, Case, Exercise, Shop, expect
from autograder.evidence import Result

EXERCISE = Exercise(
    id="mllib.where_it_runs",
    title="Who does the work?",
    section="what-is-distributed",
    minutes=15,
    stretch=True,
    hints=(
        "Two questions for each step. Do Spark's tasks go through the rows? If they do, does the "
        "driver need what they find in order to go on?",
        "Where the rows are decides, not the name of the library. A pandas frame is in the driver, "
        "and so is all that is done with it. A model of scikit-learn in a pandas UDF runs where "
        "the rows of the Spark frame are. To fit, the driver needs the tasks' sums.",
        "Remember whether toPandas has been. After it, and for predict_one: driver. fit of stages "
        "that learn nothing: driver. mean, toPandas, any other fit, search, evaluate: both. "
        "filter, predict, fit_each, write: executors.",
    ),
)

PLACES = ("driver", "executors", "both")
PLAIN = ("filter", "mean", "fit_each", "predict_one", "evaluate", "write")
IDLE = ("Bucketizer", "SQLTransformer", "VectorAssembler")
LEARNING = (
    *("Imputer", "StandardScaler", "StringIndexer"),
    *("LinearRegression", "DecisionTreeRegressor"),
)
Step = dict[str, Any]


def _stages(draw: Any, idle: int, learning: int) -> list[str]:
    one = [IDLE[int(n)] for n in draw.permutation(len(IDLE))[:idle]]
    other = [LEARNING[int(n)] for n in draw.permutation(len(LEARNING))[:learning]]
    return one + other


def _every_step(draw: Any) -> list[Step]:
    """All kinds of steps but toPandas, with all kinds of options, in an order drawn at random."""
    steps: list[Step] = [{"do": do} for do in PLAIN]
    steps += [{"do": "predict", "model": model} for model in ("mllib", "sklearn")]
    steps += [{"do": "search", "n": int(n)} for n in (1, draw.integers(2, 9))]
    steps += [{"do": "fit", "stages": [one]} for one in (*IDLE, *LEARNING)]
    some = [(1, 1), (2, 1), (2, 2), (3, 0), (0, 2), (2, 0)]
    steps += [{"do": "fit", "stages": _stages(draw, *many)} for many in some]
    return [steps[int(n)] for n in draw.permutation(len(steps))]


def spread(shop: Shop) -> list[Call]:
    """Programs whose rows stay in a Spark frame."""
    draw = shop.random
    return [Call(_every_step(draw)), Call(_every_step(draw)[:8])]


def brought(shop: Shop) -> list[Call]:
    """Programs that bring the rows to the driver, at some step; what comes before is plain."""
    draw = shop.random
    plain: list[Step] = [{"do": "filter"}, {"do": "mean"}, {"do": "write"}]
    found = []
    for many in (0, 1, 3):
        before = [plain[int(n)] for n in draw.permutation(len(plain))[:many]]
        after = _every_step(draw)
        # A pandas frame knows no model of MLlib.
        after = [{**one, "model": "sklearn"} if one["do"] == "predict" else one for one in after]
        found.append(Call([*before, {"do": "toPandas"}, *after]))
    return found


def edges(shop: Shop) -> list[Call]:
    """No steps, one step, the same step before and after, and stages that learn nothing."""
    fit: Step = {"do": "fit", "stages": ["LinearRegression"]}
    idle: Step = {"do": "fit", "stages": list(IDLE)}
    bring: Step = {"do": "toPandas"}
    guess: Step = {"do": "predict", "model": "sklearn"}
    programs: list[list[Step]] = [
        [],
        [bring],
        [fit, bring, fit],
        [guess, bring, guess],
        [idle, {"do": "write"}],
        [{"do": "predict_one"}, {"do": "predict", "model": "mllib"}],
    ]
    return [Call(steps) for steps in programs]


CASES = {
    "spread": Case(spread, self_check=("tiny",), grading=("small",), spark=True),
    "brought": Case(brought, self_check=("tiny",), grading=("small",), spark=True),
    "edges": Case(edges, self_check=("tiny",), grading=(), spark=True),
}


def _shown(step: Step) -> str:
    options = ", ".join(f"{k}={v}" for k, v in step.items() if k != "do")
    return f"{step['do']}({options})"


def _same(result: Result, expected: Result) -> None:
    for call, returned, wanted in zip(result.calls, result.each(), expected.values, strict=True):
        steps = call.arguments[0]
        expect(
            isinstance(returned, list) and len(returned) == len(steps),
            f"A list with one text for each of the {len(steps)} steps was expected.",
            f"returned: {returned!r:.200}",
        )
        odd = [one for one in returned if one not in PLACES]
        expect(not odd, f"Each text is one of {', '.join(PLACES)}; one is {odd[:1]!r:.60}.")
        wrong = [
            f"{'after toPandas, ' if {'do': 'toPandas'} in steps[:number] else ''}"
            f"{_shown(step)}: {want}, not {have}"
            for number, (step, have, want) in enumerate(zip(steps, returned, wanted, strict=True))
            if have != want
        ]
        expect(
            not wrong,
            f"{len(wrong)} of {len(steps)} steps are placed wrongly.",
            *list(dict.fromkeys(wrong))[:6],
            advice="Ask where the rows are at that step, and whether the driver needs what the "
            "tasks find in them.",
        )


@pytest.mark.case("spread")
@pytest.mark.points(4)
def test_with_a_spark_frame(result: Result, expected: Result) -> None:
    _same(result, expected)


@pytest.mark.case("brought")
@pytest.mark.points(4)
def test_after_to_pandas(result: Result, expected: Result) -> None:
    _same(result, expected)


@pytest.mark.case("edges")
@pytest.mark.points(2)
def test_edges(result: Result, expected: Result) -> None:
    _same(result, expected)
