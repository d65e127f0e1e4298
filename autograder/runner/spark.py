"""Spark in a run: its session, its inputs, what it computed, and its own record of how.

Spark writes an event log: a line of JSON for each job, stage, task and plan. The runner hands on
what was added to it during a call; nothing of it is interpreted on this side.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.runner.budget import without_collection

LARGEST_RECORD = 64 * 1024 * 1024
_logs: Path | None = None  # the folder of this process's event logs


def log_events(folder: Path) -> None:
    """Let a Spark session that this process starts later write its event log into `folder`."""
    global _logs
    folder.mkdir(parents=True, exist_ok=True)
    _logs = folder.absolute()
    _set_beforehand(
        {
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": folder.absolute().as_uri(),
            "spark.eventLog.rolling.enabled": "false",
            "spark.eventLog.compress": "false",
        }
    )


def hasten_workers() -> None:
    """Let Spark's Python workers of a session started later lose less time between two tasks.

    Rows reach them through sockets of files. Over TCP each task waits 40 ms for an acknowledgement,
    which is most of the time of a small RDD job.
    """
    if hasattr(socket, "AF_UNIX"):
        _set_beforehand(
            {
                "spark.python.unix.domain.socket.enabled": "true",
                "spark.python.daemon.module": "autograder.runner.worker_daemon",
            }
        )


def keep_files_here() -> None:
    """Let a session started later keep its files in this run's folder for temporary ones.

    Java does not read TMPDIR. A run is ended with all its processes, so that Java never comes to
    take its files away; whoever removes the folder does. Only sockets stay elsewhere: the folder's
    path may be too long for their names.
    """
    _set_beforehand(
        {
            "java.io.tmpdir": tempfile.gettempdir(),
            "spark.python.unix.domain.socket.dir": "/tmp",
        }
    )


def _set_beforehand(options: dict[str, str]) -> None:
    """Give the JVM that this process starts later these settings of Spark."""
    flags = " ".join(f'"-D{name}={value}"' for name, value in options.items())
    os.environ["SPARK_SUBMIT_OPTS"] = f"{os.environ.get('SPARK_SUBMIT_OPTS', '')} {flags}".strip()


def session() -> Any:
    """The Spark session of this process, started where there is none."""
    from pyspark.sql import SparkSession

    _remember_names()
    _know_jobs_at_once()
    return SparkSession.builder.getOrCreate()


@functools.cache
def _remember_names() -> None:
    """Let this process ask its JVM once only what stands behind a name of Java.

    PySpark asks for each part of `org.apache.spark.sql.functions`, each time it needs a column, and
    for most of them the JVM looks in vain into all of Spark's jars: a tenth of a small query.
    """
    from py4j.java_gateway import JavaClass, JavaMember, JavaPackage, JVMView

    def remembering(ask: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
        def found(where: Any, name: str) -> Any:
            value = ask(where, name)
            # What is no class yet may be one later, when a jar has been added; the parts of a
            # package are written small.
            package = isinstance(value, JavaPackage) and name.islower()
            if package or isinstance(value, (JavaClass, JavaMember)):
                setattr(where, name, value)
            return value

        return found

    for kind in (JVMView, JavaPackage, JavaClass):
        kind.__getattr__ = remembering(kind.__getattr__)


@functools.cache
def _know_jobs_at_once() -> None:
    """Let Spark's status tracker know of each job that has been started when it is asked.

    It hears of jobs from a thread of its own, and on a busy machine after a short job has ended. An
    answer that asks it which lines start a job would be right on one machine and wrong on another.
    """
    from pyspark.core.status import StatusTracker

    def up_to_date(ask: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(ask)
        def asked(*args: Any, **options: Any) -> Any:
            wait_for_listeners()
            return ask(*args, **options)

        return asked

    for name, ask in vars(StatusTracker).copy().items():
        if name.startswith("get"):
            setattr(StatusTracker, name, up_to_date(ask))


def is_started() -> bool:
    """Whether this process has a Spark context."""
    return _context() is not None


def is_recorded() -> bool:
    """Whether the session of this process writes the log that a record is taken from."""
    try:
        return is_started() and _logs is not None and any(_logs.iterdir())
    except OSError:
        return False


def _context() -> Any:
    """The Spark context of this process, or None."""
    core = sys.modules.get("pyspark")  # which a learner may have put something else in place of
    return getattr(getattr(core, "SparkContext", None), "_active_spark_context", None)


class Record:
    """What Spark adds to its event logs from now on."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        for name, path in _now().items():
            with contextlib.suppress(OSError):
                self._sizes[name] = path.stat().st_size

    def added(self) -> bytes:
        """The lines that were written since the last call, or since the beginning."""
        lines = b""
        for name, path in _now().items():
            try:
                with open(path, "rb") as file:
                    start = self._sizes.get(name, 0)
                    file.seek(start)
                    new = file.read(LARGEST_RECORD + 1 - len(lines))
            except OSError:  # the learner's program took it away: the record is not whole
                continue
            self._sizes[name] = start + len(new)
            lines += new
        return lines


def _now() -> dict[str, Path]:
    """The logs by name, with all that has happened in them."""
    wait_for_listeners()
    if _logs is None:
        return {}
    try:
        # A log is renamed when its session ends.
        return {path.name.removesuffix(".inprogress"): path for path in sorted(_logs.iterdir())}
    except OSError:
        return {}


def wait_for_listeners() -> None:
    """Let Spark's log and status take in what has happened: each has a thread of its own."""
    if is_started():
        try:
            _context()._jsc.sc().listenerBus().waitUntilEmpty()
        except Exception:  # the JVM has ended; then the record is what it is
            return


def sign(name: str) -> None:
    """Put a mark that stands for `name` into the log: a record is not whole without it at its end.

    It is an event of a query that there is not, about which nobody but the log hears anything. A
    job that bears the name would do, too, but takes longer than many an answer.
    """
    context = _context()
    if context is None:
        return
    java = context._jvm
    nothing = _scala_object(java.scala.collection.immutable, "Nil")
    ended = java.org.apache.spark.sql.execution.ui.SparkListenerDriverAccumUpdates(
        mark_of(name), nothing
    )
    context._jsc.sc().listenerBus().post(ended)


def mark_of(name: str) -> int:
    """The number by which `name` stands in a log: below 0, where no query of Spark's has one."""
    return -1 - int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")


def number_lambdas_anew() -> None:
    """Let the variables of Spark's lambda functions be numbered from 1 again."""
    context = _context()
    if context is None:
        return
    with contextlib.suppress(Exception):  # the JVM has ended: whoever asks it next says so
        internal = context._jvm.org.apache.spark.sql.internal
        _scala_object(internal, "UnresolvedNamedLambdaVariable").resetIdGenerator()


def _scala_object(package: Any, name: str) -> Any:
    """The only instance of an `object` of Scala."""
    return getattr(getattr(package, f"{name}$"), "MODULE$")


def is_alive() -> bool:
    """Whether the JVM of the context, if there is one, still answers."""
    if not is_started():
        return True
    try:
        _context()._jvm.java.lang.System.currentTimeMillis()
    except Exception:
        return False
    return True


def forget(seconds: float = 5.0) -> None:
    """Stop jobs that a call left running, and what it cached, so that the next call is alone."""
    if not is_started():
        return
    try:
        session().sparkContext.cancelAllJobs()
        session().catalog.clearCache()
    except Exception:
        return


def frame_of(path: str, columns: list[str] | None) -> Any:
    """A Parquet file or folder as a Spark frame. The schema is given, so no job is started."""
    import pyarrow
    import pyarrow.dataset
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = pyarrow.dataset.dataset(path, format="parquet").schema
    is_file = Path(path).is_file()  # a folder's names may have columns of their own
    if columns and is_file:
        schema = pyarrow.schema([schema.field(name) for name in columns])
    frame = session().read.schema(from_arrow_schema(schema)).parquet(path)
    return frame if not columns or is_file else frame.select(*columns)


def rdd_of(path: str, columns: list[str] | None, partitions: int, values: bool) -> Any:
    """A Parquet file's rows as an RDD of tuples, or of the only column's plain values."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path, columns=columns, use_threads=False, memory_map=False)
    lists = [column.to_pylist() for column in table.columns]
    rows = lists[0] if values else list(zip(*lists, strict=True))
    return session().sparkContext.parallelize(rows, partitions)


def collected(frame: Any) -> bytes:
    """The rows of a Spark frame as an Arrow stream."""
    return _stream(frame.toArrow())


def collected_rdd(rdd: Any) -> tuple[list[int], list[Any]]:
    """The number of rows in each partition of an RDD, and all its rows."""
    with without_collection():
        parts = rdd.glom().collect()
        return [len(part) for part in parts], list(itertools.chain.from_iterable(parts))


def rows_as_arrow(rows: list[Any]) -> bytes | None:
    """Tuples of one length as an Arrow stream with columns "0", "1", ..., if types allow."""
    import pyarrow as pa

    if set(map(type, rows)) != {tuple} or len(set(map(len, rows))) != 1:
        return None
    columns = list(zip(*rows, strict=True))
    if not columns or not all(_of_one_kind(column) for column in columns):
        return None
    try:
        arrays = [pa.array(column) for column in columns]
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    return _stream(pa.Table.from_arrays(arrays, [str(n) for n in range(len(arrays))]))


def _of_one_kind(column: tuple[Any, ...]) -> bool:
    """Whether Arrow gives the values back as they are: it would mend a mixture in silence."""
    import datetime
    import decimal

    kinds = set(map(type, column)) - {type(None)}
    plain = {int, float, str, bool, decimal.Decimal, datetime.datetime}
    return len(kinds) <= 1 and kinds <= plain


def _stream(table: Any) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue().to_pybytes())
