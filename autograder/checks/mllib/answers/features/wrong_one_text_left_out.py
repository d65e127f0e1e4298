"""The encoder leaves out the last place, which is a text of train unless the indexer keeps one for
the unseen.
"""

from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

FAILS = ["test_values", "test_edges"]
RAISES = "at least two distinct values"


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    marks = [f"{name}_marks" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places),
            OneHotEncoder(inputCols=places, outputCols=marks),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
            VectorAssembler(inputCols=["scaled", *marks], outputCol="features"),
        ]
    )
