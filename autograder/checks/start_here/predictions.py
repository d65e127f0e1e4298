"""What a learner expects of the notebook's own cells, and what is said to it."""

from autograder.learning.predicting import Prediction

PREDICTIONS = (
    Prediction(
        name="jobs_of_a_group_by",
        right=0,
        said={
            0: "groupBy and count on groups only add to a plan. No row was asked for.",
            1: "groupBy looks like work, and it is only planned. A job starts when rows are asked "
            "for.",
            2: "A grouping that runs takes more than one step. This one was not run: no row was "
            "asked for.",
        },
    ),
)
