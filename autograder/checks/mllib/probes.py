"""What is done with the models and frames that the exercises of `mllib` return.

A model is no evidence, and no class of a stage is looked at: several right pipelines exist. What
counts is behaviour: what a model predicts for given rows, and by how much a prediction moves when
one thing about a row is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
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


# --- features ---


def vectors(pipeline: Any, train: Any, other: Any) -> dict[str, Any]:
    """What a pipeline that is fitted on `train` makes of `train` and of `other`.

    Returns:
        Under "train" and "other" a pandas frame: `order_id`, and the entries of the vector
        `features` as columns "0", "1", ...; under "columns" the columns that `other` was given
        with and still has.

    Raises:
        TypeError: `pipeline` cannot be fitted, or `features` is not a column of vectors.
    """
    if not hasattr(pipeline, "fit"):
        kind = "nothing" if pipeline is None else f"a {type(pipeline).__name__}"
        more = ", which is fitted already" if hasattr(pipeline, "transform") else ""
        raise TypeError(f"an unfitted pipeline was expected, and {kind} came back{more}")
    model = pipeline.fit(train)
    given = {name: model.transform(rows) for name, rows in (("train", train), ("other", other))}
    kept = [name for name in other.columns if name in given["other"].columns]
    return {**_entries(given), "columns": kept}


def _entries(given: dict[str, Any]) -> dict[str, Any]:
    """The key and the entries of the vectors of Spark frames, one column for each entry.

    The frames are of the same columns, and are collected together: a query each takes longer.
    """
    import numpy as np
    import pandas as pd
    from pyspark.sql import functions as F

    vectors = [_vectors(rows).withColumn("of", F.lit(name)) for name, rows in given.items()]
    found = reduce(lambda one, other: one.unionByName(other), vectors).toPandas()
    frames = {}
    for name in given:
        rows = found[found["of"] == name].reset_index(drop=True)
        lists = rows["features"].tolist()
        entries = np.array(lists, dtype=float) if lists else np.empty((0, 0))
        frame = pd.DataFrame(entries, columns=[str(n) for n in range(entries.shape[1])])
        if KEY in rows.columns:
            frame[KEY] = rows[KEY]
        frames[name] = frame
    return frames


def _vectors(rows: Any) -> Any:
    """Of a Spark frame with vectors `features`: these as arrays, and the key if it is there."""
    from pyspark.ml.functions import vector_to_array

    kinds = {field.name: field.dataType.simpleString() for field in rows.schema}
    if kinds.get("features") != "vector":
        has = f"is of type {kinds['features']}" if "features" in kinds else "is not there"
        raise TypeError(f"a column `features` with vectors was expected; it {has}")
    key = [KEY] if KEY in kinds else []
    return rows.select(*key, vector_to_array(rows["features"]).alias("features"))


# --- fit_delivery ---


def forecasts(answer: Any, rows: Any) -> dict[str, Any]:
    """What a pair of a model and its effects forecasts for `rows`, and the effects.

    Raises:
        TypeError: `answer` is not a pair of a fitted model and a dictionary.
    """
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        kind = type(answer).__name__
        raise TypeError(f"a pair was expected, (model, effects), and a {kind} came back")
    model, effects = answer
    if not isinstance(effects, Mapping):
        raise TypeError(f"effects should be a dictionary; it is a {type(effects).__name__}")
    return {"forecasts": predictions(model, rows), "effects": dict(effects)}


# --- evaluate ---


def formula(start: float, per_km: float) -> Any:
    """A fitted model whose forecast is a formula: `start` hours, and `per_km` for each kilometre.

    It is quick, and neither an estimator nor a cluster is needed to make it.
    """
    from pyspark.ml import PipelineModel
    from pyspark.ml.feature import SQLTransformer

    from autograder.runner import spark

    spark.session()
    hours = f"{start!r}D + {per_km!r}D * coalesce(distance_km, 700D) - if(express, 5D, 0D)"
    statement = f"SELECT *, {hours} AS prediction FROM __THIS__"
    return PipelineModel([SQLTransformer(statement=statement)])


# --- no_leak ---


def beside(rows: Any, truth: Any) -> dict[str, Any]:
    """The rows that came back, and what a check holds them against: read from the reference's."""
    return {"rows": rows, "truth": truth}


# --- tune ---

_computed: list[Any] = []  # of the call that is being made: the count, and the number of rows


def counted(rows: Any) -> Any:
    """`rows` as a Spark frame that counts its rows whenever Spark computes them."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import from_arrow_schema

    from autograder.runner import spark

    session = spark.session()
    count = session.sparkContext.accumulator(0)
    _computed[:] = [count, len(rows)]

    def through(batches: Any) -> Any:
        for batch in batches:
            count.add(batch.num_rows)
            yield batch

    table = pa.Table.from_pandas(rows, preserve_index=False).replace_schema_metadata(None)
    index = table.schema.get_field_index("dispatched_at")
    table = table.cast(
        table.schema.set(index, pa.field("dispatched_at", pa.timestamp("us", "UTC")))
    )
    return session.createDataFrame(table).mapInArrow(through, from_arrow_schema(table.schema))


def with_rows_computed(answer: Any) -> dict[str, Any]:
    """What came back, and how often the rows of `counted` were computed for it."""
    count, rows = _computed
    return {"answer": answer, "computed": count.value, "rows": rows}
