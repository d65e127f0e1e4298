"""The other side of a join comes from a file, and has to be moved as well."""

FAILS = ["test_joins", "test_edges"]


def exchanges(steps):
    found, lies_by = 0, None
    for step in steps:
        do, by = step["do"], set(step.get("by", ()))
        if do in {"group", "window"} and not (lies_by and lies_by <= by):
            found, lies_by = found + 1, by
        elif do == "join" and not step["small"]:
            found += 0 if lies_by == by else 1
            lies_by = by
        elif do in {"repartition", "order"}:
            found, lies_by = found + 1, None
    return found
