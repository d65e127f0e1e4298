"""Checks of the chapter `workflows`, in the order in which the notebook asks for them."""

EXERCISES = [
    "make_flow",
    "patient",
    "morning_report",
    "load_day",
    "cached",
    "many",
    "scheduled",
    "nightly",
]
