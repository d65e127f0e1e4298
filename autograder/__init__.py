"""Checks a learner's answers, and shows how Spark came to them.

In a notebook:

    from autograder import check, hint, solution, watched
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.learning.predicting import predict
    from autograder.selfcheck import check, hint, progress, solution
    from autograder.watching import watched

__all__ = ["check", "hint", "predict", "progress", "solution", "watched"]


def __getattr__(name: str) -> Any:
    """Import the names when they are first asked for: `import autograder` stays quick."""
    if name not in __all__:
        raise AttributeError(f"module 'autograder' has no attribute {name!r}")
    from autograder.learning import kernel

    if kernel.in_notebook():
        kernel.prepare()
    if name == "watched":
        from autograder import watching

        return watching.watched
    if name == "predict":
        from autograder.learning import predicting

        return predicting.predict
    from autograder import selfcheck

    return getattr(selfcheck, name)


def __dir__() -> list[str]:
    return __all__
