"""An imputer for each column, in a pipeline, with new columns that take the old ones' names."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer


def impute(train, test, columns):
    stages = [Imputer(inputCol=name, outputCol=f"{name} filled") for name in columns]
    model = Pipeline(stages=stages).fit(train)

    def renamed(frame):
        filled = model.transform(frame).drop(*columns)
        return filled.withColumnsRenamed({f"{name} filled": name for name in columns})

    return renamed(train), renamed(test)
