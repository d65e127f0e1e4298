"""A group is content with rows that lie together by some of its columns. A join is not: both sides have to lie by exactly its columns."""

FAILS = ["test_joins", "test_edges"]


def exchanges(steps):
    found, lies_by = 0, None
    for step in steps:
        do, by = step["do"], set(step.get("by", ()))
        if do in {"group", "window"} and not (lies_by and lies_by <= by):
            found, lies_by = found + 1, by
        elif do == "join" and not step["small"]:
            found += 1 if lies_by and lies_by <= by else 2
            lies_by = by
        elif do in {"repartition", "order"}:
            found, lies_by = found + 1, None
    return found
