"""What a learner expects of the notebook's own cells, and what is said to it."""

from autograder.learning.predicting import Prediction

PREDICTIONS = (
    Prediction(
        name="rows_of_a_join",
        right=13,
        said={
            13: "Three times four rows for the key a, and one for the two missing keys.",
            12: "Three times four is right for the key a. What does pandas do with missing keys?",
            4: "That is one row for each on the right. Each pairs with every one on the left.",
            5: "That is the longer frame. Repeated keys give a row for each pair.",
            7: "Those are added. A key gives a row for each pair, so they are multiplied.",
            20: "That is every row with every row: a cross join. Only equal keys pair up.",
        },
    ),
)
