"""Rows with a text that was not seen are skipped: nobody tells these customers anything."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

FAILS = ["test_edges"]


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    marks = [f"{name}_marks" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places, handleInvalid="skip"),
            OneHotEncoder(inputCols=places, outputCols=marks, dropLast=False),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
            VectorAssembler(inputCols=["scaled", *marks], outputCol="features"),
        ]
    )
