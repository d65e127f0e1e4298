"""What a learner expects of the notebook's own cells, and what is said to it."""

from autograder.learning.predicting import Prediction

PREDICTIONS = (
    Prediction(
        name="runs_of_a_body",
        right=3,
        said={
            3: "Once, and two retries.",
            2: "Retries come on top of the first try.",
            1: "That would be without retries. A raised error is what they are for.",
            0: "Defining a task runs nothing, but the flow below calls it.",
        },
    ),
)
