"""Learning alone: the learner's own notebooks, their progress, and the commands around both."""
