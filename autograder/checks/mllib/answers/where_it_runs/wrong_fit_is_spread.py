"""To fit a model is no matter of the executors alone: they add up sums, each over its part of the rows, and the driver makes the model out of these."""

FAILS = ["test_with_a_spark_frame", "test_edges"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
