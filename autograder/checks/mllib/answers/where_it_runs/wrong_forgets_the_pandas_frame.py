"""After toPandas the rows are in the driver's memory, and so is all that is done with them; no executor takes part any more."""

FAILS = ["test_after_to_pandas", "test_edges"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = False
    return found
