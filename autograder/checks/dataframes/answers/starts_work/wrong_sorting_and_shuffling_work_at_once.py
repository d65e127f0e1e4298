"""orderBy, distinct, join and groupBy need a shuffle when they run. They do not run before an action."""

FAILS = ["test_plain_steps"]


def starts_work(steps):
    actions = {"count", "collect", "take", "show", "isEmpty", "toPandas", "write"}
    actions |= {"orderBy", "distinct", "join", "agg", "repartition", "rdd.reduceByKey"}

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
