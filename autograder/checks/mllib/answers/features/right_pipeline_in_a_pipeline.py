"""Two pipelines within one; texts in the order of the alphabet."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler


def features(categories, numbers):
    at, marks = [f"{c}#" for c in categories], [f"{c}?" for c in categories]
    indexer = StringIndexer(stringOrderType="alphabetAsc").setHandleInvalid("keep")
    of_texts = Pipeline(
        stages=[
            indexer.setInputCols(categories).setOutputCols(at),
            OneHotEncoder(inputCols=at, outputCols=marks, dropLast=True),
        ]
    )
    of_numbers = Pipeline(
        stages=[
            VectorAssembler(inputCols=numbers, outputCol="n"),
            StandardScaler(inputCol="n", outputCol="z").setWithMean(True),
        ]
    )
    last = VectorAssembler(inputCols=[*marks, "z"], outputCol="features")
    return Pipeline(stages=[of_numbers, of_texts, last])
