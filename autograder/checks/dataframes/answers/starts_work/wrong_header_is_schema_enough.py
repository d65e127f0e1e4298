"""A header gives names, and inferSchema looks for types; to read either, Spark opens the file. Only a schema that you give spares the look."""

FAILS = ["test_steps_that_look_first"]


def starts_work(steps):
    actions = {"count", "collect", "take", "show", "isEmpty", "toPandas", "write"}

    def starts(step):
        do = step["do"]
        if do == "rdd.map":
            return False
        if do == "rdd.sortBy":
            return step["into"] > 1
        if do == "read.parquet":
            return not step["schema"]
        if do == "read.csv":
            return not step["schema"] and step["inferSchema"]
        if do == "pivot":
            return not step["values"]
        if do == "localCheckpoint":
            return step["eager"]
        if do == "rdd.toDF":
            return not step["types"]
        return do in actions

    return [starts(step) for step in steps]
