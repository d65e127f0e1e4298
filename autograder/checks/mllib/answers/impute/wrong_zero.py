"""A gap is filled with 0, which is a number like any other: a parcel without weight, next door."""

from pyspark.sql import functions as F

FAILS = ["test_values", "test_edges"]


def impute(train, test, columns):
    def filled(frame):
        for name in columns:
            frame = frame.withColumn(name, F.when(~F.isnan(name), F.col(name)).otherwise(0.0))
        return frame

    return filled(train), filled(test)
