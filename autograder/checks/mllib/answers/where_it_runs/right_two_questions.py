"""Do tasks take part, and does the driver need what they find?"""


def where_it_runs(steps):
    def tasks_take_part(step, rows):
        if rows == "pandas":
            return False
        match step:
            case {"do": "predict_one"}:
                return False
            case {"do": "fit", "stages": stages}:
                idle = ("Bucketizer", "SQLTransformer", "VectorAssembler")
                return any(stage not in idle for stage in stages)
        return True

    rows, places = "spark", []
    for step in steps:
        if not tasks_take_part(step, rows):
            places.append("driver")
        elif step["do"] in ("filter", "predict", "fit_each", "write"):
            places.append("executors")
        else:
            places.append("both")
        if step["do"] == "toPandas":
            rows = "pandas"
    return places
