"""The filled columns stand beside the old ones, under new names; no further columns were asked for."""

from pyspark.ml.feature import Imputer

FAILS = ["test_values", "test_edges"]


def impute(train, test, columns):
    names = [f"{name}_filled" for name in columns]
    model = Imputer(inputCols=columns, outputCols=names).fit(train)
    return model.transform(train), model.transform(test)
