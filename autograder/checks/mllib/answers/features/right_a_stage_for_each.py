"""An indexer, an encoder and a scaler for each column, and one assembler at the end."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import OneHotEncoder, StandardScaler, StringIndexer, VectorAssembler


def features(categories, numbers):
    stages, parts = [], []
    for name in categories:
        stages.append(StringIndexer(inputCol=name, outputCol=f"{name}_at", handleInvalid="keep"))
        stages.append(OneHotEncoder(inputCol=f"{name}_at", outputCol=f"{name}_01"))
        parts.append(f"{name}_01")
    for name in numbers:
        stages.append(VectorAssembler(inputCols=[name], outputCol=f"{name}_v"))
        scaler = StandardScaler(inputCol=f"{name}_v", outputCol=f"{name}_z", withMean=True)
        stages.append(scaler)
        parts.append(f"{name}_z")
    stages.append(VectorAssembler(inputCols=parts, outputCol="features"))
    return Pipeline(stages=stages)
