"""localCheckpoint computes the rows at once and keeps them, unless it is told eager=False: it is no cache."""

FAILS = ["test_steps_that_look_first"]


def starts_work(steps):
    actions = {"count", "collect", "take", "show", "isEmpty", "toPandas", "write"}

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
        if do == "rdd.toDF":
            return not step["types"]
        return do in actions

    return [starts(step) for step in steps]
