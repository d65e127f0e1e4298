"""Checks a learner's answers: `check(answer)`, `hint(answer)`, `solution(answer)`.

In a notebook:

    from autograder import check, hint, solution
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.selfcheck import check, hint, solution

__all__ = ["check", "hint", "solution"]


def __getattr__(name: str) -> Any:
    """Import the three names when they are first asked for: `import autograder` stays quick."""
    if name in __all__:
        from autograder import selfcheck

        return getattr(selfcheck, name)
    raise AttributeError(f"module 'autograder' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
