"""Checks of the chapter `memory_wall`, in the order in which the notebook asks for them."""

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
