"""Checks of the chapter `memory_wall`, in the order in which the notebook asks for them."""

EXERCISES = [
    "mean_value_by_city",
]
