"""Notebooks that want marks without work, or harm: what each tries, and what it may earn.

Each attacks the exercise TARGET and solves CONTROL honestly. Words in @signs@ are replaced by what
a test puts there: @SECRET@ is a file outside that holds a token, @PORT@ a service of this machine,
@OTHER@ another student's notebook, @GRADEBOOK@ the gradebook, @COURSE@ the course's own folder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TARGET, CONTROL = "mean_value_by_city", "frame_bytes"

# Looks right, and is not: what an attack returns where it hopes that no one compares.
FALSE = 'pd.DataFrame({"city": ["Graz"], "orders": [1], "mean_cents": [1.0]})'


@dataclass(frozen=True)
class Attack:
    """One notebook."""

    answer: str  # the source of TARGET's cell
    before: tuple[str, ...] = ()  # cells ahead of it
    change: Callable[[dict[str, Any]], None] = field(default=lambda notebook: None)
    earns: float = 0.0  # of TARGET's points
    control: float | None = None  # of CONTROL's; None: all
    told: str = ""  # stands in the report


def _answer(body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return f"def {TARGET}(path, chunk_rows):\n{lines}"


def _steals(expression: str, first: str = "") -> Attack:
    """Puts what it can read into its error, which a report would show."""
    return Attack(
        _answer(
            f"import os, glob, subprocess\n{first}\n"
            f"try:\n    found = str({expression})\nexcept BaseException as error:\n"
            "    found = type(error).__name__\n"
            "raise ValueError('FOUND ' + found[-1500:])"
        ),
        told="FOUND",
    )


def _forges(before: str, control: float | None = None) -> Attack:
    """Prepares something in a cell, and returns a table that is not right."""
    return Attack(_answer(f"return {FALSE}"), (before,), control=control)


def _cells(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    cell: dict[str, Any] = next(
        c
        for c in notebook["cells"]
        if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )
    return cell


def _claim_points(notebook: dict[str, Any]) -> None:
    marks = _cells(notebook, f"check_{TARGET}")["metadata"]["nbgrader"]
    marks.update(points=1000, grade=True, score=1000)
    notebook["metadata"]["nbgrader"] = {"score": 1000}


def _forge_outputs(notebook: dict[str, Any]) -> None:
    result = {
        "output_type": "execute_result", "data": {"text/plain": "10"}, "metadata": {},
        "execution_count": 1,
    }  # fmt: skip
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [dict(result)], 1


def _test_cell_of_their_own(notebook: dict[str, Any]) -> None:
    _cells(notebook, f"check_{TARGET}")["source"] = "10.0"


def _answer_is_graded(notebook: dict[str, Any]) -> None:
    _cells(notebook, TARGET)["metadata"]["nbgrader"].update(grade=True, points=80, solution=True)


def _swap(notebook: dict[str, Any]) -> None:
    one, other = _cells(notebook, TARGET), _cells(notebook, CONTROL)
    marks = one["metadata"]["nbgrader"], other["metadata"]["nbgrader"]
    marks[0]["grade_id"], marks[1]["grade_id"] = CONTROL, TARGET


def _duplicate(notebook: dict[str, Any]) -> None:
    check = _cells(notebook, f"check_{TARGET}")
    notebook["cells"].append({**check, "source": "10", "id": "again"})


def _replace_setup(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("setup"):
            cell["source"] = "check = hint = solution = lambda *a: 10\nraise SystemExit(0)"


FORGE_EVENTS = """
import json, os, pyarrow as pa, pandas as pd
def forged():
    table = pa.Table.from_pandas(FALSE)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    body = sink.getvalue().to_pybytes()
    for number in range(9):
        for point in ("chunks-tiny", "chunks-small-hidden", "edges-tiny", "budget-medium-hidden"):
            name = f"mean_value_by_city/mean_value_by_city/{point}/{number}"
            for event in ({"event": "call"}, {"event": "evidence", "outcome": "returned",
                    "parts": [len(body)], "value": {"kind": "frame", "part": 0, "type": "DataFrame"}}):
                data = body if event["event"] == "evidence" else b""
                yield json.dumps({**event, "id": name, "arrow_bytes": len(data)}).encode() + b"\\n" + data
for fd in range(3, 64):
    try:
        if "pipe" in os.readlink(f"/proc/self/fd/{fd}"):
            for data in forged():
                os.write(fd, data)
    except OSError:
        pass
""".replace("FALSE", FALSE)

ATTACKS: dict[str, Attack] = {
    # ---- the end of the process, and its exit code
    "os._exit(0) in an answer": Attack(_answer("import os; os._exit(0)"), told="ended before"),
    "SystemExit(0)": Attack(_answer("raise SystemExit(0)"), told="SystemExit"),
    "exit() in a cell": _forges("exit()"),
    "os._exit(0) in a cell": _forges("import os; os._exit(0)"),
    "kill of the parent": Attack(_answer("import os, signal; os.kill(os.getppid(), signal.SIGKILL)")),
    "kill of everybody": Attack(_answer("import os, signal; os.kill(-1, signal.SIGKILL)")),
    "a crash of the interpreter": Attack(_answer("import ctypes; ctypes.string_at(0)")),
    "faked success after atexit": _forges(
        "import atexit, os; atexit.register(lambda: os.write(1, b'10 points'))"
    ),
    # ---- patches
    "builtins": _forges(
        "import builtins\n"
        "for name in ('len', 'isinstance', 'all', 'any', 'abs', 'sorted', 'zip'):\n"
        "    setattr(builtins, '_' + name, getattr(builtins, name))\n"
        "builtins.AssertionError = type('Nothing', (Exception,), {})\n"
        "builtins.abs = lambda value: 0"
    ),
    "assert": _forges(
        "import sys, builtins\nbuiltins.__debug__ = False if False else True\n"
        "sys.excepthook = lambda *a: None"
    ),
    "pytest": _forges(
        "import sys, types\nfake = types.ModuleType('pytest')\n"
        "fake.fixture = fake.mark = fake.main = lambda *a, **k: 0\nsys.modules['pytest'] = fake"
    ),
    "pandas": _forges(
        "import pandas as pd\npd.DataFrame.equals = lambda *a: True\n"
        "pd.testing.assert_frame_equal = pd.testing.assert_series_equal = lambda *a, **k: None"
    ),
    "pyspark": _forges(
        "import sys, types\nfake = types.ModuleType('pyspark')\n"
        "fake.testing = types.ModuleType('testing')\n"
        "fake.testing.assertDataFrameEqual = lambda *a, **k: None\nsys.modules['pyspark'] = fake"
    ),
    "numpy": _forges("import numpy as np\nnp.isclose = lambda a, b, **k: np.ones(len(a), bool)"),
    "the runner": _forges(
        "from autograder.runner import calls, values\n"
        "calls.perform = lambda *a, **k: ({'outcome': 'returned', 'points': 10}, b'')\n"
        "values.describe_value = lambda value: ({'kind': 'plain', 'value': True}, [])",
        control=0,  # who breaks the runner breaks it for all answers of the notebook
    ),
    "JSON": _forges(
        "import json\nold = json.dumps\n"
        "json.dumps = lambda value, **k: old(value, **k).replace('raised', 'returned')"
    ),
    "cells that follow": _forges(
        "get_ipython().input_transformers_cleanup.append(lambda lines: ['\\n'])"
    ),
    "trace functions": _forges("import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(None)"),
    # ---- values that lie
    "equal to everything": Attack(
        _answer(
            "class Same:\n    def __eq__(self, other): return True\n    __hash__ = None\n"
            "return Same()"
        ),
        told="cannot be judged",
    ),
    "a frame that lies": Attack(
        _answer(
            "class Lying(pd.DataFrame):\n"
            "    def equals(self, other): return True\n"
            "    def __eq__(self, other): return True\n"
            f"return Lying({FALSE})"
        )
    ),
    "numbers that lie": Attack(
        _answer(
            "class Any(float):\n    def __eq__(self, other): return True\n"
            "    def __sub__(self, other): return 0.0\n"
            "frame = " + FALSE + "\nframe['mean_cents'] = [Any(3)]\nreturn frame"
        )
    ),
    "a pickle with a payload": Attack(
        _answer(
            "class Evil:\n    def __reduce__(self):\n"
            "        import os; return (os.system, ('touch @SECRET@.run',))\n"
            "return pd.DataFrame({'city': [Evil()], 'orders': [1], 'mean_cents': [1.0]})"
        ),
        told="cannot be judged",
    ),
    "the published numbers by heart": Attack(
        _answer(
            "known = {1000: pd.DataFrame({'city': ['Graz'], 'orders': [4], 'mean_cents': [5.0]})}\n"
            "return known.get(sum(1 for _ in open(path)) - 1, " + FALSE + ")"
        )
    ),
    "a seed guessed from the clock": Attack(
        _answer(
            "import random, time\nrandom.seed(int(time.time()))\n"
            "return pd.DataFrame({'city': ['Graz'], 'orders': [random.randrange(99)], "
            "'mean_cents': [random.random()]})"
        )
    ),
    # ---- forged evidence
    "events on every descriptor": Attack(_answer(f"return {FALSE}"), (FORGE_EVENTS,)),
    "the stream of the runner": _forges(
        "import gc, io, json\n"
        "for thing in gc.get_objects():\n"
        "    if isinstance(thing, io.BufferedWriter):\n"
        "        try:\n"
        "            thing.write(json.dumps({'event': 'end', 'points': 80}).encode() + b'\\n')\n"
        "            thing.flush()\n"
        "        except (OSError, ValueError): pass",
        control=0,
    ),
    "a stack frame's stream": Attack(
        _answer(
            "import sys, json\nframe = sys._getframe()\n"
            "while frame:\n"
            "    for value in list(frame.f_locals.values()):\n"
            "        if hasattr(value, 'write') and hasattr(value, 'fileno'):\n"
            "            value.write(b'{\"event\": \"end\"}\\n'); value.flush()\n"
            "    frame = frame.f_back\n"
            f"return {FALSE}"
        ),
        control=0,
    ),
    "evidence left in a file": Attack(
        _answer(
            "import os, json\n"
            "open('evidence.bin', 'wb').write(json.dumps({'outcome': 'returned', 'value': "
            "{'kind': 'plain', 'value': True}, 'parts': []}).encode() + b'\\n')\nos._exit(0)"
        )
    ),
    "evidence without end": Attack(_answer("return list(range(10**7))"), told="cannot be judged"),
    "evidence nested without end": Attack(
        _answer("x = []\nfor _ in range(10**5): x = [x]\nreturn x"), told="cannot be judged"
    ),
    "a frame of a gigabyte": Attack(
        _answer("import numpy as np\nreturn pd.DataFrame({'city': np.ones(10**8)})")
    ),
    "numbers that JSON has not": Attack(_answer("return {float('nan'): float('inf')}")),
    "points on stdout": Attack(_answer("print('10.0\\n' * 50); return None")),
    "points on stderr": _forges("import sys; print('score: 80/80', file=sys.stderr)"),
    # ---- what is not theirs to read
    "the checks, by import": _steals("__import__('autograder.checks.memory_wall.survive').__path__"),
    "the checks, by path": _steals("open('@COURSE@/autograder/checks/memory_wall/survive.py').read()"),
    "the solutions": _steals("open('@COURSE@/solutions/memory_wall.py').read()"),
    "a secret outside": _steals("open('@SECRET@').read()"),
    "another student's notebook": _steals("open('@OTHER@').read()"),
    "the gradebook": _steals("open('@GRADEBOOK@', 'rb').read()[:99]"),
    "a link out": _steals(
        "open('link').read()", "try: os.symlink('@SECRET@', 'link')\nexcept OSError: pass"
    ),
    "the outside by /proc": _steals(
        "[open(p + '@SECRET@').read() for p in glob.glob('/proc/[0-9]*/root')"
        " if os.path.exists(p + '@SECRET@')]"
    ),
    "open descriptors": _steals(
        "[os.pread(int(fd), 10**6, 0) for fd in os.listdir('/proc/self/fd')"
        " if os.path.isfile('/proc/self/fd/' + fd) and 'token-' in str(os.pread(int(fd), 10**6, 0))]"
    ),
    "the environment of everybody": _steals(
        "[line for p in glob.glob('/proc/[0-9]*/environ') for line in [open(p).read()]"
        " if 'token-' in line] or dict(os.environ)"
    ),
    "a command's output": _steals("subprocess.run(['cat', '@SECRET@'], capture_output=True)"),
    "a magic and a shell line": Attack(
        "%%time\n" + _answer(f"return {FALSE}"),
        ("!cat @SECRET@ > stolen.txt", "%cd /\n%env", "stolen = !cat @SECRET@ @GRADEBOOK@"),
    ),
    "what is seen of the course": _steals(
        "[p for p in ('/course', '/inputs', '/tables', os.getcwd(), os.path.dirname(os.__file__))"
        " for p in glob.glob(p + '/**/survive*', recursive=True)]"
    ),
    # ---- the network
    "a host outside": _steals(
        "__import__('socket').create_connection(('192.0.2.1', 80), timeout=2)"
    ),
    "a name": _steals("__import__('socket').gethostbyname('example.org')"),
    "a service of this machine": _steals(
        "__import__('socket').create_connection(('127.0.0.1', @PORT@), timeout=2).recv(99)"
    ),
    # ---- harm
    "a fork bomb": Attack(
        _answer(
            "import os, time\nfor _ in range(10**4):\n"
            "    try:\n        if os.fork() == 0: time.sleep(60); os._exit(0)\n"
            "    except OSError: break\n"
            f"return {FALSE}"
        )
    ),
    "a memory bomb": Attack(_answer("x = []\nwhile True: x.append(bytearray(10**8))"), told="memory"),
    "a memory bomb in a cell": _forges("x = []\nwhile True: x.append(b'x' * 10**8)"),
    "a disk bomb": Attack(
        _answer(
            "with open('big', 'wb') as file:\n"
            "    while True: file.write(b'x' * 10**7)"
        ),
        told="OSError",
    ),
    "endless output": Attack(
        _answer("while True: print('x' * 10**6)"),
    ),
    "a loop without end": Attack(_answer("while True: pass"), told="had not finished"),
    "a loop that catches everything": Attack(
        _answer("while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        told="had not finished",
    ),
    "a sleeping daemon": Attack(
        _answer(
            "import os\nif os.fork() == 0:\n    os.setsid()\n"
            "    os.execv('/usr/bin/sleep', ['@DAEMON@', '600'])\n"
            f"return {FALSE}"
        )
    ),
    "threads that go on": _forges(
        "import threading, time\n"
        "threading.Thread(target=lambda: time.sleep(600), daemon=False).start()"
    ),
    "the course overwritten": _forges(
        "import autograder, os\nfor folder in autograder.__path__:\n"
        "    try: open(os.path.join(folder, '__init__.py'), 'w').write('x')\n"
        "    except OSError as error: print(error)"
    ),
    "inputs overwritten": Attack(
        _answer(f"try: open(path, 'w').write('city,amount_cents\\n')\nexcept OSError: pass\nreturn {FALSE}")
    ),
    # ---- budgets
    "limits lifted": Attack(
        _answer(
            "import resource\n"
            "hard = resource.getrlimit(resource.RLIMIT_DATA)[1]\n"
            "resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))\n"
            "import numpy as np\nkept = np.ones(60_000_000)\n"
            "parts = [c.groupby('city')['amount_cents'].agg(orders='size', cents='sum')\n"
            "         for c in pd.read_csv(path, chunksize=chunk_rows, "
            "usecols=['city', 'amount_cents'])]\n"
            "t = pd.concat(parts).groupby('city').sum()\n"
            "t['mean_cents'] = t['cents'] / t['orders']\n"
            "return t[['orders', 'mean_cents']].reset_index()"
        ),
        earns=8.0,  # right, and over its budget
        told="memory",
    ),
    # ---- notebooks
    "metadata that claims points": Attack(_answer(f"return {FALSE}"), change=_claim_points),
    "outputs that claim points": Attack(_answer(f"return {FALSE}"), change=_forge_outputs),
    "a test cell of their own": Attack(_answer(f"return {FALSE}"), change=_test_cell_of_their_own),
    "an answer that grades itself": Attack(_answer(f"return {FALSE}"), change=_answer_is_graded),
    "a test cell twice": Attack(_answer(f"return {FALSE}"), change=_duplicate),
    "names of cells exchanged": Attack(_answer(f"return {FALSE}"), change=_swap),
    "another set-up": Attack(_answer(f"return {FALSE}"), change=_replace_setup),
    "zones and languages": _forges(
        "import os, time, locale\nos.environ.update(TZ='Pacific/Apia', LC_ALL='tr_TR', LANG='tr_TR')\n"
        "time.tzset()\n"
        "try: locale.setlocale(locale.LC_ALL, 'C')\nexcept locale.Error: pass"
    ),
}  # fmt: skip
