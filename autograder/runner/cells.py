"""Run the code cells of a notebook, one after the other, in an IPython shell."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from autograder.runner.errors import TimeLimit, describe_error


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeLimit` in the running code after `seconds`, where the platform can.

    The alarm interrupts Python code and sleeping calls. Code that catches `BaseException` or
    stays inside one long C call outlives it; whoever started this process has to end that.
    """
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable:
        yield
        return

    def ring(signum: int, frame: Any) -> None:
        raise TimeLimit(seconds)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def new_shell() -> Any:
    """An IPython shell without history, colours or a terminal."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.xmode = "Minimal"
    config.InteractiveShell.ast_node_interactivity = "none"  # nobody looks at the outputs
    shell = InteractiveShell.instance(config=config)
    silent: Any = lambda *args, **kwargs: None  # noqa: E731
    shell.showtraceback = silent  # type: ignore[method-assign]
    shell.showsyntaxerror = silent  # type: ignore[method-assign]
    return shell


def run_cells(
    shell: Any, cells: list[dict[str, Any]], seconds: float, begin: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Run `cells` ({"name", "source"}) in order; a cell that fails does not stop the rest.

    `begin` is told each cell's name before it runs. Returns one record for each cell that failed:
    {"name", "outcome", "error"}, with outcome "raised" or "time".
    """
    failures = []
    for cell in cells:
        error: BaseException | None = None
        begin(cell["name"])
        try:
            with time_limit(seconds):
                done = shell.run_cell(cell["source"], store_history=False)
            error = done.error_before_exec or done.error_in_exec
        except BaseException as raised:  # the alarm may ring between two cells
            error = raised
        if error is not None:
            outcome = "time" if isinstance(error, TimeLimit) else "raised"
            failures.append(
                {"name": cell["name"], "outcome": outcome, "error": describe_error(error)}
            )
    return failures
