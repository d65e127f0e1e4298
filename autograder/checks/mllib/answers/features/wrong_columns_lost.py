"""Only the vector is left: whose parcel a row is, and how far it goes, is gone."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import (
    OneHotEncoder,
    SQLTransformer,
    StandardScaler,
    StringIndexer,
    VectorAssembler,
)

FAILS = ["test_columns_stay"]


def features(categories, numbers):
    places = [f"{name}_place" for name in categories]
    marks = [f"{name}_marks" for name in categories]
    return Pipeline(
        stages=[
            StringIndexer(inputCols=categories, outputCols=places, handleInvalid="keep"),
            OneHotEncoder(inputCols=places, outputCols=marks),
            VectorAssembler(inputCols=numbers, outputCol="numbers"),
            StandardScaler(inputCol="numbers", outputCol="scaled", withMean=True),
            VectorAssembler(inputCols=["scaled", *marks], outputCol="features"),
            SQLTransformer(statement="SELECT order_id, features FROM __THIS__"),
        ]
    )
