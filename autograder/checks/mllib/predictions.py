"""What a learner expects of the notebook's own cells, and what is said to it."""

from autograder.learning.predicting import Prediction

PREDICTIONS = (
    Prediction(
        name="jobs_of_an_unfitted_pipeline",
        right=0,
        said={
            0: "Stages are settings: the names of columns, and what is to be done with them. A "
            "pipeline meets rows when fit is called.",
            1: "Not even the one job of a first look: no rows were named, so there is nothing to "
            "look at.",
            2: "The imputer and the scaler will need rows, each for a pass of its own. But no "
            "frame was named yet: that is what fit is for.",
            3: "Not one a stage. Two of the three will need rows when fit is called; the "
            "assembler never does.",
        },
    ),
)
