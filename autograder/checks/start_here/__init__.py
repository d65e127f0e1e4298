"""Checks of the chapter `start_here`: one exercise, to learn how a check speaks."""

EXERCISES = ["first_answer"]
