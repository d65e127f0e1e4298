"""cache notes that the rows are to be kept. It keeps them when the next action computes them."""

FAILS = ["test_plain_steps", "test_edges"]


def starts_work(steps):
    actions = {"cache", "count", "collect", "take", "show", "isEmpty", "toPandas", "write"}

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
