"""Each frame is filled with means of its own: a row of test would depend on the rows beside it."""

from pyspark.ml.feature import Imputer

FAILS = ["test_values", "test_edges"]


def impute(train, test, columns):
    imputer = Imputer(inputCols=columns, outputCols=columns)
    return imputer.fit(train).transform(train), imputer.fit(test).transform(test)
