"""Each group, window and join counts as one shuffle here. Rows that lie together already are not moved again, and a join moves two sides."""

FAILS = ["test_groups_and_windows", "test_joins", "test_edges"]


def exchanges(steps):
    moving = {"group", "window", "join", "repartition", "order"}
    return sum(step["do"] in moving and not step.get("small") for step in steps)
