"""A function for each kind of step, on frozen sets."""


def exchanges(steps):
    def clustered(at, by):
        return (0, at) if at and at <= by else (1, by)

    def joined(at, by):
        return (1 + (at != by), by)

    state, total = frozenset(), 0
    for step in steps:
        by = frozenset(step.get("by", ()))
        cost = 0
        if step["do"] in ("group", "window"):
            cost, state = clustered(state, by)
        elif step["do"] == "join" and not step["small"]:
            cost, state = joined(state, by)
        elif step["do"] in ("repartition", "order"):
            cost, state = 1, frozenset()
        total += cost
    return total
