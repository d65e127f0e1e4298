"""The rows are in the executors until then: tasks read them, and send all of them to the driver."""

FAILS = ["test_after_to_pandas", "test_edges"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do in {"predict_one", "toPandas"}:
            found.append("driver")
        elif do in {"mean", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
