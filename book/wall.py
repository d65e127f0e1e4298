"""Helpers of the book's pages: run a job under a memory budget, and draw its memory over time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from look import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, WIDTH, set_up
from matplotlib import pyplot as plt

set_up()
MIB = 1024 * 1024

CHILD = """
import json, sys, time
import pandas as pd, pyarrow, pyarrow.csv, pyarrow.parquet
job = json.load(sys.stdin)

def data():
    for line in open("/proc/self/status"):
        if line.startswith("VmData"):
            return int(line.split()[1]) * 1024
    return 0

if job["budget_mb"] and sys.platform.startswith("linux"):
    import resource
    limit = data() + job["budget_mb"] * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
names = {"path": job["path"]}
print("begin", flush=True)
try:
    exec(job["code"], names)
    told = {"outcome": "finished", "answer": repr(names.get("answer"))[:2000]}
except MemoryError as error:
    told = {"outcome": "MemoryError", "answer": str(error)[:200]}
except Exception as error:
    kind = "MemoryError" if "out of memory" in str(error) else type(error).__name__
    told = {"outcome": kind, "answer": str(error)[:200]}
print(json.dumps(told), flush=True)
"""


@dataclass
class Ran:
    """What came of a job. Memory is in MiB above what the process held when the job began."""

    outcome: str  # "finished", "MemoryError", "killed"
    answer: str
    seconds: float
    budget_mb: float | None
    memory: list[tuple[float, float]] = field(default_factory=list)  # (seconds, MiB)

    @property
    def peak_mb(self) -> float:
        return max((mb for _, mb in self.memory), default=0.0)


def run(code: str, path: str, budget_mb: float | None = None) -> Ran:
    """Run `code` in a process of its own, with `path` defined, under a memory budget in MiB.

    Linux holds the limit itself, and the job ends in a MemoryError. Elsewhere (macOS does not hold
    it) the process is ended from here when it is over its budget.
    """
    environment = {
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/bin:/bin",
    }
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=folder, env=environment, text=True,
        )  # fmt: skip
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps({"code": code, "path": str(path), "budget_mb": budget_mb}))
        child.stdin.close()
        child.stdout.readline()  # "begin"
        seen, began, series = psutil.Process(child.pid), time.monotonic(), []
        floor = seen.memory_info().rss
        killed = False
        while child.poll() is None:
            try:
                grown = max(0, seen.memory_info().rss - floor) / MIB
            except psutil.Error:
                break
            series.append((time.monotonic() - began, grown))
            if budget_mb and grown > budget_mb * 1.3:
                child.kill()
                killed = True
            time.sleep(0.01)
        seconds = time.monotonic() - began
        line = child.stdout.read().strip()
        child.wait()
    told = json.loads(line) if line and not killed else {"outcome": "killed", "answer": ""}
    return Ran(told["outcome"], told["answer"], seconds, budget_mb, series)


def draw(runs: dict[str, Ran], budget_mb: float | None = None) -> None:
    """Memory over time, one line per run, its end marked when it did not finish."""
    _, axes = plt.subplots(figsize=(WIDTH, 3.2), layout="constrained")
    longest = max(ran.memory[-1][0] for ran in runs.values())
    for (name, ran), colour, style in zip(
        runs.items(), (BLUE, ORANGE, GREY, PURPLE), ("-", "--", "-.", ":"), strict=False
    ):
        seconds, mib = zip(*ran.memory, strict=True)
        axes.plot(seconds, mib, style, color=colour, linewidth=2, label=name)
        if ran.outcome != "finished":  # what follows the highest point is Python tidying up
            top = mib.index(max(mib))
            late = seconds[top] > 0.6 * longest  # its word stands on the other side
            axes.plot(seconds[top], mib[top], "X", color=colour, markersize=11)
            axes.annotate(
                ran.outcome,
                (seconds[top], mib[top]),
                xytext=(-10, 6) if late else (10, -14),
                textcoords="offset points",
                ha="right" if late else "left",
                color=colour,
            )
    if budget_mb:
        axes.axhline(budget_mb, color=INK, linewidth=1, linestyle=(0, (2, 2)))
        axes.annotate(
            f"budget {budget_mb:.0f} MiB", (0, budget_mb), xytext=(2, 4), textcoords="offset points"
        )
    axes.set_xlabel("seconds")
    axes.set_ylabel("MiB added")
    axes.set_ylim(bottom=0)
    # Above the picture: within it a line may run anywhere.
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(runs), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def draw_growth(lines: dict[str, tuple[list[float], list[float]]], across: str, up: str) -> None:
    """Growth on two logarithmic axes: one line an engine, told apart by marker and dash too."""
    _, axes = plt.subplots(figsize=(WIDTH, 3.8), layout="constrained")
    colours = (BLUE, ORANGE, GREY, PURPLE, GREEN)
    for (name, (x, y)), colour, style in zip(
        lines.items(), colours, ("o-", "s--", "^-.", "D:", "X-"), strict=False
    ):
        axes.loglog(x, y, style, color=colour, linewidth=2, markersize=7, label=name)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.legend(loc="best", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def results(section: str) -> dict[str, dict[str, object]]:
    """What `make bench` measured in `section`, by name; empty when it was not run."""
    path = Path(__file__).resolve().parent.parent / "benchmarks" / "results.json"
    if not path.exists():
        return {}
    data = json.loads(path.read_text())
    return {one["name"]: one for one in data["results"] if one["section"] == section}
