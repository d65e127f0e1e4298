"""Checks of the chapter `memory_wall`."""

EXERCISES = [
    "frame_bytes",
    "shrink",
    "load_needed",
    "mean_value_by_city",
    "biggest_customers",
    "join_rows",
    "report",
    "survive",
]
