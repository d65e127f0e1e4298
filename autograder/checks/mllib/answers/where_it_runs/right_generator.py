"""A generator that ends Spark's part for good."""

from itertools import repeat, takewhile


def where_it_runs(steps):
    def spread(step):
        do = step["do"]
        if do in ("mean", "search", "evaluate"):
            return "both"
        if do == "fit":
            idle = [s for s in step["stages"] if s in "Bucketizer SQLTransformer VectorAssembler"]
            return "driver" if len(idle) == len(step["stages"]) else "both"
        return "driver" if do == "predict_one" else "executors"

    first = [spread(step) for step in takewhile(lambda step: step["do"] != "toPandas", steps)]
    if len(first) == len(steps):
        return first
    return [*first, "both", *repeat("driver", len(steps) - len(first) - 1)]
