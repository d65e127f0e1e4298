"""A column for each courier but base, written in SQL: the coefficients are the effects."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, SQLTransformer, VectorAssembler
from pyspark.ml.regression import LinearRegression


def fit_delivery(train, base):
    known = train.where("hours IS NOT NULL")
    others = sorted(
        row.courier for row in known.select("courier").distinct().collect() if row.courier != base
    )
    marks = "".join(
        f", CAST(courier = '{name}' AS DOUBLE) AS is_{place}" for place, name in enumerate(others)
    )
    parts = ["km", "grams", "express", "weekend", *(f"is_{n}" for n in range(len(others)))]
    model = Pipeline(
        stages=[
            Imputer(inputCols=["distance_km", "weight_g"], outputCols=["km", "grams"]),
            SQLTransformer(statement=f"SELECT *{marks} FROM __THIS__"),
            VectorAssembler(inputCols=parts, outputCol="features"),
            LinearRegression(featuresCol="features", labelCol="hours", solver="normal"),
        ]
    ).fit(known)
    line = model.stages[-1]
    names = ["per_100_km", "per_kg", "express", "weekend", *others]
    effects = dict(zip(names, line.coefficients.toArray().tolist(), strict=True))
    effects |= {base: 0.0, "start": line.intercept}
    effects["per_100_km"] *= 100
    effects["per_kg"] *= 1000
    return model, effects
