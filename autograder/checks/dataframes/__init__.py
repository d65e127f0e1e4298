"""Checks of the chapter `dataframes`, in the order in which the notebook asks for them."""

EXERCISES = [
    "revenue_by_home_city",
    "starts_work",
    "clean_amounts",
    "one_day",
    "label_baskets",
    "score_reviews",
    "daily_report",
    "exchanges",
]
