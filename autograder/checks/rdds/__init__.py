"""Checks of the chapter `rdds`, in the order in which the notebook asks for them."""

EXERCISES = [
    "parse_clicks",
    "revenue_by_city",
    "mean_basket",
    "total_with_start",
    "bad_lines",
    "with_names",
    "sessions",
    "partition_sizes",
]
