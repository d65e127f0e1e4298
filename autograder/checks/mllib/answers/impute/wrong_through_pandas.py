"""All of train is brought to the driver to find a few means."""

from pyspark.ml.feature import Imputer  # noqa: F401
from pyspark.sql import functions as F

FAILS = ["test_rows_stay_where_they_are"]


def impute(train, test, columns):
    means = train.select(*columns).toPandas().mean()

    def filled(frame):
        for name in columns:
            known = F.when(~F.isnan(name), F.col(name))
            frame = frame.withColumn(name, F.coalesce(known, F.lit(float(means[name]))))
        return frame

    return filled(train), filled(test)
