"""A rule for each name, in a dictionary."""


def starts_work(steps):
    always = dict.fromkeys(
        ("count", "collect", "take", "show", "isEmpty", "toPandas", "write"), True
    )
    rules = {
        "read.parquet": lambda step: not step["schema"],
        "read.csv": lambda step: not step["schema"],
        "pivot": lambda step: not step["values"],
        "localCheckpoint": lambda step: step["eager"],
        "rdd.toDF": lambda step: not step["types"],
        "rdd.sortBy": lambda step: step["into"] > 1,
    }
    return [
        rules[step["do"]](step) if step["do"] in rules else always.get(step["do"], False)
        for step in steps
    ]
