"""More notebooks as in attacks.py: they aim at what runs outside the wall, or at the budget.

What crosses the wall is read, judged, shown and kept by trusted code. A notebook may send what
makes that code break, wait, or fill the memory and the reports of whoever grades the class.
"""

from __future__ import annotations

from tests.autograder.attacks import Attack, _answer, _forges

# The descriptor on which the runner writes evidence, found from inside.
STREAM = """
import json, os
def stream():
    for fd in range(3, 64):
        try:
            if "pipe" in os.readlink(f"/proc/self/fd/{fd}"):
                return fd
        except OSError:
            pass
"""

CELLS_WITHOUT_END = (
    STREAM
    + """
import threading, time
def announce(out):
    while True:
        os.write(out, b'{"event": "cell", "name": "one more"}\\n')
        time.sleep(0.3)
threading.Thread(target=announce, args=(stream(),), daemon=True).start()
"""
)

# Right, but with all columns and rows in memory at once: 8 of 10 points.
WHOLE = """
frame = pd.read_csv(path).groupby("city")["amount_cents"]
return frame.agg(orders="size", mean_cents="mean").reset_index()
"""

# Grows in steps, and before each says that the call begins only now.
ANNOUNCED_AGAIN = (
    STREAM
    + """
import resource, sys, time
import numpy as np
hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
frame, call = sys._getframe(), None
while frame:
    if isinstance(frame.f_locals.get("call"), dict):
        call = frame.f_locals["call"]
    frame = frame.f_back
kept = []
for _ in range(12):
    os.write(stream(), json.dumps({"event": "call", "id": call["id"]}).encode() + b"\\n")
    time.sleep(0.1)
    kept.append(np.ones(5_000_000))
os.write(stream(), json.dumps({"event": "call", "id": call["id"]}).encode() + b"\\n")
time.sleep(0.1)
"""
)

AHEAD = """
import glob
import pandas as pd
KNOWN = {}
def ahead(path):
    try:
        frame = pd.read_csv(path).groupby("city")["amount_cents"]
        KNOWN[path] = frame.agg(orders="size", mean_cents="mean").reset_index()
    except Exception:
        pass
"""

FROM_THE_REQUEST = """
import gc
for request in gc.get_objects():
    if type(request) is dict and "calls" in request and "cell_seconds" in request:
        for call in request["calls"]:
            if call["function"] == "mean_value_by_city":
                ahead(call["arguments"][0]["path"])
"""

KNOWN_FIRST = _answer("if path in KNOWN:\n    return KNOWN[path]\n" + WHOLE.strip())

# What an honest runner would never send in place of a frame.
SEND = """
import pyarrow as pa
from autograder.runner import calls
def sends(table, **options):
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(allow_64bit=True, **options)
    with pa.ipc.new_stream(sink, table.schema, options=options) as out:
        out.write_table(table)
    body = sink.getvalue().to_pybytes()
    calls.describe_value = lambda value: ({"kind": "frame", "part": 0}, [body])
"""
WIDE = "pa.Array.from_buffers(pa.int64(), 2**27, [None, pa.py_buffer(bytes(2**30))])"


def _sends(table: str, options: str = "") -> Attack:
    return _forges(f"{SEND}\nsends(pa.table({{'city': {table}}}){options})", control=0)


def _says(value: str) -> Attack:
    """Describes every value in a way that nothing can be made of."""
    return _forges(
        "from autograder.runner import calls\n"
        f"calls.describe_value = lambda value: ({{'kind': 'plain', 'value': {value}}}, [])",
        control=0,
    )


ON_THE_GRADER: dict[str, Attack] = {
    # ---- texts that go into reports, pages, terminals and files
    "half a character in an error": Attack(
        _answer("raise ValueError('half \\ud800 of it')"), told="half"
    ),
    "escape codes in an error": Attack(
        _answer("raise ValueError('\\x1b[2J\\x1b]0;title\\x07 full points \\x9b31m')"),
        told="full points",
    ),
    "escape codes in a column's name": Attack(
        _answer("return pd.DataFrame({'\\x1b[8m hidden \\u202e': [1]})"), told="hidden"
    ),
    "markup in a column's name": Attack(
        _answer("return pd.DataFrame({'<script>alert(1)</script>': [1]})"), told="alert"
    ),
    "a column's name of 20 MB": Attack(_answer("return pd.DataFrame({'x' * 20_000_000: [1]})")),
    "a text of 20 MB": Attack(_answer("return 'x' * 20_000_000")),
    "an error with a name of 20 MB": Attack(
        _answer("raise type('E' * 20_000_000, (Exception,), {})('m')")
    ),
    "failures without end": _forges(
        STREAM + "one = {'name': 'n' * 10**6, 'error': {'type': 't', 'message': 'm'}}\n"
        "failures = json.dumps({'event': 'cells', 'failures': [one] * 20})\n"
        "os.write(stream(), failures.encode() + b'\\n')",
        control=0,
    ),
    # ---- evidence that breaks, or fills, who reads it
    "rows without end, of nothing": _sends(
        "pa.Array.from_buffers(pa.null(), 2**40, [None])"
    ),
    "rows without end, empty": _sends(
        "pa.StructArray.from_buffers(pa.struct([]), 2**40, [None], children=[])"
    ),
    "lists of rows without end": _sends(
        "pa.ListArray.from_arrays([0, 2**31 - 1], pa.nulls(2**31))"
    ),
    "a run of equal values without end": _sends(
        "pa.RunEndEncodedArray.from_arrays(pa.array([2**40], pa.int64()), pa.array(['x' * 99]))"
    ),
    "a table that unpacks to a gigabyte": _sends(WIDE, ", compression='zstd'"),
    "a number that is none": _says("{'$': 'decimal', 'v': 'ten points'}"),
    "a time that is none": _says("{'$': 'time', 'v': 'always'}"),
    "kinds of a wrong kind": _says("{'$': 'float', 'v': []}"),
    "an outcome of a wrong kind": _forges(
        "from autograder.runner import calls\n"
        "calls.perform = lambda *a, **k: ({'outcome': ['returned'], 'parts': []}, b'')",
        control=0,
    ),
    "cells announced without end": Attack(
        _answer(
            "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"
        ),
        (CELLS_WITHOUT_END,),
        control=0,
    ),
    # ---- budgets
    "a call announced again while it grows": Attack(
        _answer(
            ANNOUNCED_AGAIN
            + "parts = [c.groupby('city')['amount_cents'].agg(orders='size', cents='sum')\n"
            "         for c in pd.read_csv(path, chunksize=chunk_rows, "
            "usecols=['city', 'amount_cents'])]\n"
            "t = pd.concat(parts).groupby('city').sum()\n"
            "t['mean_cents'] = t['cents'] / t['orders']\n"
            "return t[['orders', 'mean_cents']].reset_index()"
        ),
        # Evidence of a call that is not under way ends a run: no call comes to an end.
        earns=0.0,
    ),
    "work done ahead, on all files in sight": Attack(
        KNOWN_FIRST,
        (AHEAD + "for path in glob.glob('/inputs/**', recursive=True): ahead(path)",),
        earns=8.0,
        told="memory",
    ),
    "work done ahead, on what the runner was told": Attack(
        KNOWN_FIRST, (AHEAD + FROM_THE_REQUEST,), earns=8.0, told="memory"
    ),
}  # fmt: skip
