"""The machine under the course: its Java, Spark's settings, and whether it is ready.

Run `python -m autograder.machine.spark` once to prepare it, `course doctor` to look at it.
"""
