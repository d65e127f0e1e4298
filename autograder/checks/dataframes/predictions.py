"""What a learner expects of the notebook's own cells, and what is said to it."""

from autograder.learning.predicting import Prediction

PREDICTIONS = (
    Prediction(
        name="jobs_of_four_lines",
        right=1,
        said={
            1: "Reading looks into the file for its schema. The other three only note what to do.",
            0: "Nearly: none of the four is an action. But to read a file without a schema, Spark "
            "has to look into it.",
            2: "One of them is the look into the file for its schema. Sorting is a "
            "transformation, too, and so is cache: it notes that rows are to be kept.",
            3: "Neither the filter nor the sort runs. And cache keeps nothing yet: the next action "
            "fills it.",
            4: "One job a line would be eager, as pandas is. Spark notes what to do, and waits for "
            "an action.",
        },
    ),
)
