"""Only what comes after toPandas is done in the driver. That step itself is the last one of the tasks, and what comes before it was done while the rows were in Spark."""

FAILS = ["test_after_to_pandas", "test_edges"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], {"do": "toPandas"} in steps
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
