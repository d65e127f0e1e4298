"""What the checks of `workflows` share: inputs drawn from the shop, and runs told in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograder.checking import Shop, expect
from autograder.flow_record import FlowRun, TaskRun, flow_runs

Order = dict[str, Any]


def some_orders(shop: Shop, many: int) -> list[Order]:
    """That many orders of the shop, as a till would give them. One in six has no city."""
    columns = ["order_id", "city", "amount_cents"]
    table = shop.load("orders", *columns)
    places = shop.random.choice(len(table), size=many, replace=False)
    rows = table.iloc[sorted(places)].copy()
    rows.loc[rows.index[2::6], "city"] = None
    return [
        {
            "order_id": int(order),
            "city": None if not isinstance(city, str) else city,
            "amount_cents": int(cents),
        }
        for order, city, cents in rows[columns].itertuples(index=False)
    ]


def runs_of(value: Any) -> list[FlowRun]:
    """The runs that a probe of this chapter tells of."""
    return flow_runs(value["flow"])


def called(run: FlowRun, name: str) -> list[TaskRun]:
    """The runs of the task called `name`, by its function's name or by its own."""
    return [one for one in run.tasks if one.task == name or one.run.startswith(f"{name}-")]


def states(run: FlowRun) -> tuple[str, ...]:
    """The run in one line, for a report, and beneath it what made it fail."""
    tasks = ", ".join(f"{one.task} {one.name} ({one.attempts}x)" for one in run.tasks)
    ran = f"flow {run.state}; tasks: {tasks or 'none'}"
    failed = run.error and run.state != "COMPLETED"
    return (ran, run.error, *run.lines) if failed else (ran,)


def ended(run: FlowRun, state: str, what: str, advice: str = "") -> None:
    """Raise `Gap` unless the run ended in `state`."""
    expect(
        run.state == state,
        f"{what}: the run should end {state}, and it ended {run.state or 'nowhere'}.",
        *states(run),
        advice=advice,
    )


def has_tasks(run: FlowRun, names: Sequence[str], advice: str = "") -> None:
    """Raise `Gap` unless each of the tasks has exactly one run."""
    counts = {name: len(called(run, name)) for name in names}
    wrong = [f"{name} has {many}" for name, many in counts.items() if many != 1]
    expect(
        not wrong,
        f"Each of the tasks {', '.join(names)} should have one task run: {'; '.join(wrong)}.",
        *states(run),
        advice=advice,
    )
