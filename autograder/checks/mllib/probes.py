"""What is done with the models and frames that the exercises of `mllib` return.

A model is no evidence, and no class of a stage is looked at: several right pipelines exist. What
counts is behaviour: what a model predicts for given rows, and by how much a prediction moves when
one thing about a row is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEY, PREDICTION = "order_id", "prediction"


def told_of(value: Any, rows: Any) -> Any:
    """`value` as evidence: each fitted model in it becomes what it predicts for `rows`.

    Args:
        value: a model, or a tuple, list or dictionary in which models stand beside frames,
            numbers and texts, which stay as they are.
        rows: a Spark frame with `order_id` and what the models need.

    Returns:
        A model becomes a pandas frame with `order_id` and `prediction` (hours).

    Raises:
        TypeError: an estimator that was not fitted stands where a model should.
    """
    if isinstance(value, Mapping):
        return {key: told_of(one, rows) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [told_of(one, rows) for one in value]
    if hasattr(value, "transform") and not hasattr(value, "sparkSession"):
        return predictions(value, rows)
    if hasattr(value, "fit"):
        raise TypeError(_not_fitted(value))
    return value


def predictions(model: Any, rows: Any) -> Any:
    """What a fitted model predicts for each of `rows`, as a pandas frame.

    Raises:
        TypeError: `model` is no fitted model.
        ValueError: the rows that it gives have no column `prediction` or no `order_id`.
    """
    if not hasattr(model, "transform"):
        raise TypeError(_not_fitted(model))
    given = model.transform(rows)
    missing = {KEY, PREDICTION} - set(given.columns)
    if missing:
        names = " and ".join(sorted(missing))
        raise ValueError(f"the rows that the model's transform gives have no column {names}")
    return given.select(KEY, PREDICTION).toPandas()


def _not_fitted(value: Any) -> str:
    kind = "nothing" if value is None else f"a {type(value).__name__}"
    more = ", which was never fitted" if hasattr(value, "fit") else ""
    return f"a fitted model was expected, and {kind} came back{more}"
