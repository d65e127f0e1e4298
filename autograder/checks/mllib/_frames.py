"""What several exercises of `mllib` need: rows of the shop's deliveries, and pairs of frames."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from autograder.checking import Shop, expect
from autograder.compare import same_frame


def exact(values: Any, kind: Any) -> Any:
    """A column in which NaN is a number and None is missing."""
    return pd.Series(pa.array(list(values), kind), dtype=pd.ArrowDtype(kind))


def deliveries(shop: Shop, rows: int, *columns: str) -> pd.DataFrame:
    """At most `rows` deliveries of the shop, from all over its two years, in no order of time."""
    every = shop.load("deliveries", *columns)
    return every.sample(min(rows, len(every)), random_state=shop.random).reset_index(drop=True)


def with_weekend(rows: pd.DataFrame) -> pd.DataFrame:
    """Deliveries with `weekend` in place of `dispatched_at`, and weights as doubles."""
    weekend = rows["dispatched_at"].dt.dayofweek >= 5
    weight = rows["weight_g"].astype("float64")
    return rows.drop(columns="dispatched_at").assign(weekend=weekend, weight_g=weight)


def same_pair(returned: Any, wanted: Any, advice: str = "") -> None:
    """Raise `Gap` unless `returned` is a train and a test frame with the rows of `wanted`."""
    expect(
        isinstance(returned, list) and len(returned) == 2,
        "Two frames were expected, (train, test), and something else came back.",
        advice="End with: return train, test.",
    )
    for name, one, other in zip(("train", "test"), returned, wanted, strict=True):
        same_frame(one, other, advice=f"This is {name}. {advice}".strip())
