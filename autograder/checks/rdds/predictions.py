"""What a learner expects of the notebook's own cells, and what is said to it."""

from autograder.learning.predicting import Prediction

PREDICTIONS = (
    Prediction(
        name="a_fold_that_begins_with_one",
        right=15,
        said={
            15: "1 in each of the four partitions, once more where they meet, and 10.",
            10: "That is the sum of the numbers. Where did the 1 go that each fold begins with?",
            11: "That counts the 1 once. Each partition begins its own fold, and so does the "
            "driver, which folds their results.",
            14: "That is a 1 for each partition. The driver folds their results, and begins with "
            "a 1 of its own.",
        },
    ),
)
