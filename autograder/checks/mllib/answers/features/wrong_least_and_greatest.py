"""Scaled to 0 to 1 by the least and the greatest, and not by mean and standard deviation."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import MinMaxScaler, OneHotEncoder, StringIndexer, VectorAssembler

FAILS = ["test_values", "test_edges"]


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    marks = [f"{name}_marks" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places, handleInvalid="keep"),
            OneHotEncoder(inputCols=places, outputCols=marks),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            MinMaxScaler(inputCol="numbers", outputCol="scaled"),
            VectorAssembler(inputCols=["scaled", *marks], outputCol="features"),
        ]
    )
