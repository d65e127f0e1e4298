"""A text as an array of one word, which is counted: the vocabulary is that of train."""

from pyspark.ml import Pipeline
from pyspark.ml.feature import CountVectorizer, SQLTransformer, StandardScaler, VectorAssembler


def features(categories, numbers):
    words = ", ".join(
        f"filter(array(`{name}`), word -> word IS NOT NULL) AS `{name} words`"
        for name in categories
    )
    stages = [SQLTransformer(statement=f"SELECT *, {words} FROM __THIS__")]
    stages += [
        CountVectorizer(inputCol=f"{name} words", outputCol=f"{name} counts", minDF=1.0)
        for name in categories
    ]
    stages += [
        VectorAssembler(inputCols=numbers, outputCol="raw numbers"),
        StandardScaler(inputCol="raw numbers", outputCol="even numbers", withMean=True),
        VectorAssembler(
            inputCols=[*(f"{name} counts" for name in categories), "even numbers"],
            outputCol="features",
        ),
    ]
    return Pipeline(stages=stages)
