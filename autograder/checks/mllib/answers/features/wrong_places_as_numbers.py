"""Places are taken for numbers: the third courier is not three times the first."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import StandardScaler, StringIndexer, VectorAssembler

FAILS = ["test_values", "test_edges"]


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places, handleInvalid="keep"),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
            VectorAssembler(inputCols=["scaled", *places], outputCol="features"),
        ]
    )
