"""Without the imputer: one aggregate over train, and coalesce."""

from pyspark.sql import functions as F


def impute(train, test, columns):
    def known(name):
        return F.when(~F.isnan(name), F.col(name))

    means = train.agg(*[F.avg(known(name)).alias(name) for name in columns]).first()

    def filled(frame):
        for name in columns:
            frame = frame.withColumn(name, F.coalesce(known(name), F.lit(means[name])))
        return frame

    return filled(train), filled(test)
