"""The zeros and ones went through the scaler, too."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

FAILS = ["test_values", "test_edges"]


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    marks = [f"{name}_marks" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places, handleInvalid="keep"),
            OneHotEncoder(inputCols=places, outputCols=marks),
            VectorAssembler(inputCols=[*numbers, *marks], outputCol="numbers"),
            StandardScaler(inputCol="numbers", outputCol="features", withMean=True),
        ]
    )
