"""What gives back a frame or an RDD is lazy here, whatever it needs to know first. Without a schema Spark looks into the file, without values a pivot looks for them, and without types toDF looks at the rows."""

FAILS = ["test_steps_that_look_first", "test_edges"]


def starts_work(steps):
    actions = {"count", "collect", "take", "show", "isEmpty", "toPandas", "write"}
    return [step["do"] in actions for step in steps]
