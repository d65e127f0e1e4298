"""A model of scikit-learn that a pandas UDF calls is sent to the executors, and works there on the rows, batch by batch. What counts is where the rows are."""

FAILS = ["test_with_a_spark_frame", "test_edges"]


def where_it_runs(steps):
    learn_nothing = {"Bucketizer", "SQLTransformer", "VectorAssembler"}
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        idle = do == "fit" and learn_nothing.issuperset(step["stages"])
        if in_pandas or idle or do == "predict_one" or step.get("model") == "sklearn":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
