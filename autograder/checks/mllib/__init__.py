"""Checks of the chapter `mllib`, in the order in which the notebook asks for them."""

EXERCISES = [
    "split_by_time",
    "impute",
    "features",
    "fit_delivery",
    "evaluate",
    "no_leak",
    "tune",
    "where_it_runs",
]
