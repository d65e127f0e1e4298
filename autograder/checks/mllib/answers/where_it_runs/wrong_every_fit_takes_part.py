"""A stage that learns nothing looks at no row when the pipeline is fitted. With such stages only, Spark starts no job."""

FAILS = ["test_with_a_spark_frame", "test_edges"]


def where_it_runs(steps):
    found, in_pandas = [], False
    for step in steps:
        do = step["do"]
        if in_pandas or do == "predict_one":
            found.append("driver")
        elif do in {"mean", "toPandas", "fit", "search", "evaluate"}:
            found.append("both")
        else:
            found.append("executors")
        in_pandas = in_pandas or do == "toPandas"
    return found
