"""A table for each kind of rows."""

WITH_SPARK = {
    "filter": "executors",
    "mean": "both",
    "toPandas": "both",
    "search": "both",
    "fit_each": "executors",
    "predict": "executors",
    "predict_one": "driver",
    "evaluate": "both",
    "write": "executors",
}
LEARNING = {
    "Imputer",
    "StandardScaler",
    "StringIndexer",
    "LinearRegression",
    "DecisionTreeRegressor",
}


def where_it_runs(steps):
    kinds = [step["do"] for step in steps]
    end = kinds.index("toPandas") + 1 if "toPandas" in kinds else len(steps)
    with_spark = [
        ("both" if LEARNING & set(step["stages"]) else "driver")
        if step["do"] == "fit"
        else WITH_SPARK[step["do"]]
        for step in steps[:end]
    ]
    return with_spark + ["driver"] * (len(steps) - end)
