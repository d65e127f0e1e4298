"""The indexer does not know what to do with a text that it has not seen: the job fails, and only
when the rows are asked for.
"""

from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler

FAILS = ["test_edges"]
# Which row it is depends on the task that comes first.
RAISES = "Unseen label: |StringIndexer encountered NULL"


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    marks = [f"{name}_marks" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places),
            OneHotEncoder(inputCols=places, outputCols=marks, dropLast=False),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
            VectorAssembler(inputCols=["scaled", *marks], outputCol="features"),
        ]
    )
