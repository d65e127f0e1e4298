"""A broadcast copies the small side to every executor, and the rows of the frame stay where they are."""

FAILS = ["test_joins", "test_edges"]


def exchanges(steps):
    found, lies_by = 0, None
    for step in steps:
        do, by = step["do"], set(step.get("by", ()))
        if do in {"group", "window"} and not (lies_by and lies_by <= by):
            found, lies_by = found + 1, by
        elif do == "join":
            found += 1 if lies_by == by else 2
            lies_by = by
        elif do in {"repartition", "order"}:
            found, lies_by = found + 1, None
    return found
