"""How far a long command is: a bar in a terminal, and now and then a line where there is none."""

from __future__ import annotations

import threading
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)

FIRST_LINE, NEXT_LINES = 10.0, 60.0  # seconds


def progress_bar() -> Progress:
    """For what takes longer than two seconds: on stderr, a bar for each task, gone in the end.

    Where stderr is a file or a pipe, after ten seconds and then every minute a line for each task
    that is under way.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        return _Lines(console=console, disable=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


class _Lines(Progress):
    """Written by a thread: a task that takes long says nothing meanwhile."""

    def start(self) -> None:
        self._ended = threading.Event()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def stop(self) -> None:
        self._ended.set()
        self._writer.join()

    def _write(self) -> None:
        pause = FIRST_LINE
        while not self._ended.wait(pause):
            pause = NEXT_LINES
            for task in self.tasks:
                if not task.finished:
                    self.console.print(_line(task), markup=False, highlight=False, soft_wrap=True)


def _line(task: Task) -> str:
    done = "" if task.total is None else f", {task.completed:.0f} of {task.total:.0f}"
    return f"{task.description}{done} ({timedelta(seconds=round(task.elapsed or 0))})"
