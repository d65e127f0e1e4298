"""The wall: runs a program that nobody has read, with limits, and ends all that it started.

`find_wall()` gives the wall of this machine or refuses; `Wall.start` runs a program behind it.
"""

from autograder.wall.contract import Limits, Wall, WallError
from autograder.wall.finding import find_wall
from autograder.wall.jailed import Finished, Jailed
from autograder.wall.trusting import Trusting

__all__ = ["Finished", "Jailed", "Limits", "Trusting", "Wall", "WallError", "find_wall"]
