"""What a run sees in place of the course: the runner, a silent `check`, a `shop` that only reads.

A student's notebook says `from autograder import check` and `import shop`. In a run both come from
a folder built here, so that neither the checks nor the data's making are within reach.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import shop

from autograder.course import CHECKS, cache_folder, content_hash

SILENT = '''"""Stands in for the course's autograder while a notebook is graded."""


def _nothing(*args, **kwargs):
    """Do nothing: the checks are made outside, on what the answers return."""


check = hint = predict = progress = solution = _nothing


class _Unwatched:
    """What a block of code did is not looked at here: every number of it is 0."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        kinds = {"plan_text": "", "columns_read": set(), "seconds": 0.0, "largest_over_median": 1.0}
        lists = {"tasks", "plans", "joins", "pushed_filters", "python_nodes"}
        return [] if name in lists else kinds.get(name, 0)

    def __repr__(self):
        return "not watched"


def watched():
    return _Unwatched()
'''


def run_package() -> Path:
    """The folder to put on PYTHONPATH; built once for the present sources."""
    runner = sorted((Path(__file__).parent / "runner").glob("*.py"))
    reading = sorted(shop.reading_modules())
    probes = sorted(CHECKS.glob("*/probes.py"))
    key = content_hash(SILENT, *(path.read_bytes() for path in [*runner, *reading, *probes]))
    target = cache_folder() / "run-package" / key
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=".making-"))
    try:
        for package, files in (("autograder/runner", runner), ("shop", reading)):
            (part / package).mkdir(parents=True)
            for file in files:
                shutil.copyfile(file, part / package / file.name)
        for file in probes:  # of the checks nothing else: they hold the wrong answers
            package_of = part / "autograder" / "checks" / file.parent.name
            package_of.mkdir(parents=True)
            shutil.copyfile(file, package_of / file.name)
        (part / "autograder" / "__init__.py").write_text(SILENT)
        for folder, _, names in os.walk(part):  # whoever the run is, it may read
            os.chmod(folder, 0o755)
            for name in names:
                os.chmod(Path(folder) / name, 0o644)
        os.replace(part, target)
    except OSError:
        if not target.exists():  # else another process built it first
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target
