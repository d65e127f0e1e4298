"""show, take and isEmpty need few rows. To get them, Spark starts a job all the same."""

FAILS = ["test_plain_steps", "test_edges"]


def starts_work(steps):
    actions = {"count", "collect", "toPandas", "write"}

    def starts(step):
        do = step["do"]
        if do == "rdd.map":
            return False
        if do == "rdd.sortBy":
            return step["into"] > 1
        if do in {"read.parquet", "read.csv"}:
            return not step["schema"]
        if do == "pivot":
            return not step["values"]
        if do == "localCheckpoint":
            return step["eager"]
        if do == "rdd.toDF":
            return not step["types"]
        return do in actions

    return [starts(step) for step in steps]
