"""The learner's own process, a notebook's kernel as a rule: Spark and Prefect as the course runs
them.

What a session needs to know has to be in the environment before it starts, so this is done when
the notebook imports `check`.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import warnings
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder.course import CourseError
from autograder.machine import prefect
from autograder.machine.spark import apply
from autograder.own_folder import own_folder, remove
from autograder.runner import spark

LOGS = "beyond-pandas-events-"
# For the window on jobs Spark writes down each plan at length, which takes a tenth of a small
# query. For the queries of a check, which nobody looks at there, it is the short form.
OF_CHECKS = {"spark.sql.ui.explainMode": "simple"}
OF_SQL = "spark.sql."
BETWEEN = "\x1e"  # between two settings in a text: no setting has it
# It then raises the error. Where it goes on without Arrow, the warning is of other words.
ARROW_FAILED = r"\w+ attempted Arrow optimization .* has reached the error below"
RESTART = (
    "Spark was running before autograder was imported, so there is no record of what it does. "
    "Restart the kernel, and run the notebook from its first cell."
)


def in_notebook() -> bool:
    """Whether this process runs the cells of a notebook."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


@cache
def prepare() -> str:
    """Set this process up for a Spark session that keeps a record of what it does, and for flows.

    Returns:
        What is missing for it, in one line; "" where nothing is. pandas needs none of it.
    """
    with contextlib.suppress(OSError):  # a cache that cannot be written to: Prefect says so itself
        prefect.apply()
    if spark.is_started():
        return RESTART
    try:
        apply("laptop")
    except CourseError as problem:
        return str(problem)
    _silence_what_is_told_twice()
    logs = own_folder(LOGS)
    atexit.register(_end, logs)
    spark.log_events(logs)
    if _is_installed():
        spark.hasten_workers()
    return ""


def _is_installed() -> bool:
    """Whether Spark's Python workers find this package, too: they start in other folders."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return bool(metadata.distribution("beyond-pandas"))
    return False


class _Silent(logging.Logger):
    def exception(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing."""


def _silence_what_is_told_twice() -> None:
    """PySpark writes some errors to stderr, too, and then raises them: those about a column as
    JSON, and those on the way to pandas as a warning that has the JVM's whole stack."""
    warnings.filterwarnings("ignore", ARROW_FAILED)
    usual = logging.getLoggerClass()
    logging.setLoggerClass(_Silent)
    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        logging.getLogger(name)
    logging.setLoggerClass(usual)


def _end(logs: Path) -> None:
    """Stop the session before its log goes: it closes the log when it ends."""
    if spark.is_started() and spark.is_alive():
        with contextlib.suppress(Exception):
            spark.session().stop()
    remove(logs)


def start_spark() -> None:
    """The session of this process, started where there is none, and recorded.

    Raises:
        CourseError: it cannot be, in one line that says what to do.
    """
    missing = prepare()
    if missing:
        raise CourseError(missing)
    if spark.is_started() and not spark.is_alive():
        let_go()
    try:
        spark.session()
    except Exception as problem:
        said = (str(problem).strip().splitlines() or [type(problem).__name__])[0]
        text = f"Spark did not start: {said}. `course doctor` looks for the cause."
        raise CourseError(text) from problem
    if not spark.is_recorded():
        raise CourseError(RESTART)
    _silence_what_cannot_be_sent()


def _silence_what_cannot_be_sent() -> None:
    """PySpark prints a traceback of what it cannot pickle to stderr, and then raises it."""
    from pyspark import util

    util.print_exec = lambda stream: None


def let_go() -> None:
    """Forget a session whose JVM has ended, so that the next one starts a new JVM."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    for owner, name in (
        (SparkContext, "_active_spark_context"),
        (SparkContext, "_gateway"),
        (SparkContext, "_jvm"),
        (SparkSession, "_instantiatedSession"),
    ):
        setattr(owner, name, None)


@contextlib.contextmanager
def as_configured() -> Iterator[None]:
    """Meanwhile the session has the settings of the course, whatever the notebook has set.

    A check shall judge an answer as grading will, and the notebook find its session as it was.
    """
    session = spark.session()
    given, now = _given(session.sparkContext), _settings_of(session)
    changed = {name: value for name, value in now.items() if given.get(name) != value}
    changed = {name: value for name, value in changed.items() if session.conf.isModifiable(name)}
    lost = [name for name in given if name not in now and session.conf.isModifiable(name)]
    meanwhile = {name: given.get(name) for name in (*changed, *lost)} | OF_CHECKS
    try:
        for name, value in meanwhile.items():
            _set(session, name, value)
        yield
    finally:
        if spark.is_started() and spark.is_alive():
            for name in meanwhile:
                _set(session, name, now.get(name))


@lru_cache(maxsize=1)
def _given(context: Any) -> dict[str, str]:
    """The settings of SQL with which a Spark context was started. They cannot change."""
    return {name: value for name, value in context.getConf().getAll() if name.startswith(OF_SQL)}


def _settings_of(session: Any) -> dict[str, str]:
    """A session's settings of SQL, asked for at once: one by one they take a tenth of a second."""
    text = session._jsparkSession.conf().getAll().mkString(BETWEEN)
    pairs = (setting.partition(" -> ") for setting in text.split(BETWEEN))
    return {name: value for name, _, value in pairs if name.startswith(OF_SQL)}


def _set(session: Any, name: str, value: str | None) -> None:
    if value is None:
        session.conf.unset(name)
    else:
        session.conf.set(name, value)
