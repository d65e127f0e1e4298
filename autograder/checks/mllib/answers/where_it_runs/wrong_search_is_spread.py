"""The loop over the parameters runs in the driver: with parallelism it starts several fits at a time, and each of them needs the driver as any fit does."""

FAILS = ["test_with_a_spark_frame"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
