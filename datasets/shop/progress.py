"""Progress on stderr, for work that turns out to take longer than two seconds."""

from __future__ import annotations

import time
from types import TracebackType

PATIENCE = 2.0  # seconds before anything is shown
EVERY = 5.0  # seconds between lines where no bar can be drawn


class Progress:
    """Counts rows. A bar in a terminal; lines in a notebook, a log or a pipe."""

    def __init__(self, title: str, total: int, *, shown: bool = True) -> None:
        self.title, self.total, self.shown = title, total, shown
        self.done = 0
        self._next = time.monotonic() + PATIENCE
        self._began = time.monotonic()
        self._bar: object = None

    def advance(self, rows: int, table: str) -> None:
        """`rows` more are done, of `table`."""
        self.done += rows
        if not self.shown or (self._bar is None and time.monotonic() < self._next):
            return
        import rich.progress
        from rich.console import Console

        # Not as a widget: a notebook without ipywidgets would show a warning instead.
        console = Console(stderr=True, force_jupyter=False)
        if not console.is_terminal:
            self._next = time.monotonic() + EVERY
            share = self.done / self.total
            line = f"shop: making {self.title}, {table}: {share:.0%} of {self.total:,} rows, "
            line += f"{self._speed()}, {self._left()} left"
            console.print(line, soft_wrap=True, highlight=False)
            return
        if self._bar is None:
            bar = rich.progress.Progress(
                "making {task.fields[title]}, {task.description}",
                rich.progress.BarColumn(),
                rich.progress.MofNCompleteColumn(),
                rich.progress.TextColumn("{task.fields[speed]}"),
                rich.progress.TimeRemainingColumn(),
                console=console,
                transient=True,
            )
            bar.start()
            bar.add_task(table, total=self.total, title=self.title, speed="")
            self._bar = bar
        assert isinstance(self._bar, rich.progress.Progress)
        task = self._bar.task_ids[0]
        self._bar.update(task, completed=self.done, description=table, speed=self._speed())

    def _speed(self) -> str:
        return f"{self.done / max(0.001, time.monotonic() - self._began):,.0f} rows/s"

    def _left(self) -> str:
        passed = time.monotonic() - self._began
        seconds = passed * (self.total - self.done) / max(1, self.done)
        return f"{seconds / 60:.0f} min" if seconds > 90 else f"{max(0.0, seconds):.0f} s"

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            import rich.progress

            assert isinstance(self._bar, rich.progress.Progress)
            self._bar.stop()
