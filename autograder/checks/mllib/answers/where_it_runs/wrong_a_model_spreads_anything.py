"""MLlib's predict of one vector is a sum of products in the program's own process. Only what is asked of a frame is spread."""

FAILS = ["test_with_a_spark_frame", "test_edges"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle:
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
