"""What a run gives back for answers of every kind, behind the real wall."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pytest

from autograder.cases import Point, Prepared, prepare
from autograder.checking import Call, Exercise, Gap
from autograder.course import ROOT
from autograder.evidence import BadEvidence, Outcome, Result, read_events
from autograder.runner.arguments import fingerprint
from autograder.runner.errors import describe_error
from autograder.runner.made_up_names import numbered
from autograder.starting import Standby
from autograder.supervise import Cell, Run, run_answers
from autograder.wall import Limits, Wall, find_wall

EXERCISE = Exercise("nowhere.answer", "An exercise of the tests", "none", 1, ("a", "b", "c"))


def run(wall: Wall, source: str, *calls: Call, cell_seconds: float = 20) -> list[Outcome]:
    return whole_run(wall, [source], *calls, cell_seconds=cell_seconds)[1]


def whole_run(
    wall: Wall, sources: list[str], *calls: Call, cell_seconds: float = 20
) -> tuple[Run, list[Outcome]]:
    calls = calls or (Call(1, seconds=10),)
    point = Point("case", "tiny", 1, hidden=False)
    specs = tuple(
        tuple({"kind": "plain", "value": v, "shown": repr(v)} for v in call.arguments)
        for call in calls
    )
    prepared = Prepared(point, "answer", tuple(calls), specs)
    cells = [Cell(f"cell {i}", source) for i, source in enumerate(sources)]
    done = run_answers(cells, [(EXERCISE, prepared)], wall, cell_seconds=cell_seconds)
    return done, done.of(EXERCISE)[point].outcomes


def test_a_value_comes_back(wall: Wall) -> None:
    (outcome,) = run(wall, "def answer(x):\n    return {'a': [x, 2.5, None, 'ü', 10**30]}")
    assert outcome.outcome == "returned"
    assert outcome.value == {"a": [1, 2.5, None, "ü", 10**30]}


def test_a_frame_keeps_its_dtypes(wall: Wall) -> None:
    code = (
        "import pandas as pd\n"
        "def answer(x):\n"
        "    return pd.DataFrame({'a': pd.Categorical(['x', 'y']), 'b': [1, 2]})"
        ".astype({'b': 'Int8'})"
    )
    (outcome,) = run(wall, code)
    assert [str(kind) for kind in outcome.value.dtypes] == ["category", "Int8"]


def test_an_error_tells_the_learners_line(wall: Wall) -> None:
    (outcome,) = run(wall, "def answer(x):\n    y = x - 1\n    return x / y")
    assert outcome.outcome == "raised"
    assert outcome.error["type"] == "ZeroDivisionError"
    assert outcome.error["lines"][-1]["line"] == "return x / y"


def test_what_is_printed_never_becomes_evidence(wall: Wall) -> None:
    code = (
        "import os, sys\n"
        "def answer(x):\n"
        '    print(\'{"event": "end"}\')\n'
        '    os.write(1, b\'{"event": "evidence"}\\n\')\n'
        "    print('loud', file=sys.stderr)\n"
        "    return x"
    )
    (outcome,) = run(wall, code)
    assert (outcome.outcome, outcome.value) == ("returned", 1)


def test_a_call_without_end_is_stopped_and_the_next_one_made(wall: Wall) -> None:
    code = "def answer(x):\n    while x == 1:\n        pass\n    return x"
    first, second = run(wall, code, Call(1, seconds=1), Call(2, seconds=5))
    assert first.outcome == "time"
    assert second.value == 2


def test_a_call_that_catches_everything_is_stopped_all_the_same(wall: Wall) -> None:
    code = (
        "def answer(x):\n"
        "    while x == 1:\n"
        "        try:\n"
        "            while True: pass\n"
        "        except BaseException: pass\n"
        "    return x"
    )
    first, second = run(wall, code, Call(1, seconds=1), Call(2, seconds=5))
    assert first.outcome == "time"
    assert second.value == 2


@pytest.mark.parametrize(
    "end", ["import os; os._exit(0)", "raise SystemExit(0)", "import sys; sys.exit()",
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"],
)  # fmt: skip
def test_an_answer_that_ends_its_process_costs_that_call_only(wall: Wall, end: str) -> None:
    code = f"def answer(x):\n    if x == 1:\n        {end}\n    return x"
    first, second = run(wall, code, Call(1, seconds=5), Call(2, seconds=5))
    assert first.outcome in {"killed", "raised"}
    assert second.value == 2


def test_an_answer_that_kills_the_runner_costs_that_call_only(wall: Wall) -> None:
    code = (
        "import os, signal\n"
        "def answer(x):\n"
        "    if x == 1:\n"
        "        os.kill(os.getppid(), signal.SIGKILL)\n"
        "        import time; time.sleep(5)\n"
        "    return x"
    )
    first, second = run(wall, code, Call(1, seconds=5), Call(2, seconds=5))
    assert first.outcome == "killed"
    assert second.value == 2


def test_memory_over_budget_is_a_real_memory_error(wall: Wall) -> None:
    code = (
        "def answer(mib):\n"
        "    try:\n"
        "        return len(bytearray(mib * 2**20))\n"
        "    except MemoryError as error:\n"
        "        return type(error).__name__"
    )
    small, large = run(wall, code, Call(20, budget_mb=60), Call(200, budget_mb=60))
    assert small.value == 20 * 2**20
    assert large.value == "MemoryError"


# What each reads takes about 60 MiB and more. Arrow's own pool of memory once failed at 1,200 MiB
# what it had passed at 800.
READS = {
    "numpy": "float(np.ones(8_000_000).sum())",
    "Parquet by Arrow": "float(pq.read_table(path)['n'].to_numpy().sum())",
    "Parquet by pandas": "float(pd.read_parquet(path)['n'].sum())",
    "CSV by pandas": "float(pd.read_csv(path)['n'].sum())",
}


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=[pytest.mark.slow] * ("Parquet" in way)) for way in READS]
)
def test_a_budget_that_passes_passes_at_every_larger_one(
    way: str, wall: Wall, tmp_path: Path
) -> None:
    code = (
        "import numpy as np, pandas as pd, pyarrow.parquet as pq\n"
        f"def answer(path):\n    return {READS[way]}"
    )
    path = tmp_path / "numbers"
    numbers = pd.DataFrame({"n": np.arange(8_000_000.0)})
    if way.startswith("CSV"):
        numbers[:2_000_000].to_csv(path, index=False)
    else:
        numbers.to_parquet(path)
    spec = {"kind": "path", "path": str(path), "shown": "n"}
    # The largest first: an answer that was late once is given less time afterwards.
    budgets = (2_000, 1_600, 1_200, 800, 400, 160, 120, 80, 70, 62, 40, 20)
    calls = tuple(Call("n", budget_mb=budget) for budget in budgets)
    prepared = Prepared(
        Point("case", "tiny", 1, hidden=False), "answer", calls, ((spec,),) * len(calls)
    )
    done = run_answers([Cell("a", code)], [(EXERCISE, prepared)], wall)
    outcomes = done.of(EXERCISE)[prepared.point].outcomes
    kinds = [outcome.outcome for outcome in reversed(outcomes)]
    first = kinds.index("returned")
    assert 0 < first < 8
    assert set(kinds[first:]) == {"returned"}, kinds
    # Arrow, whose threads find no memory to start in, may wait for ever: that is ended, and fails.
    assert set(kinds[:first]) <= {"memory", "time"} - ({"time"} if "Parquet" not in way else set())


def test_shared_memory_does_not_escape_the_budget(wall: Wall) -> None:
    code = (
        "import mmap, time\n"
        "def answer(x):\n"
        "    held = mmap.mmap(-1, 600 * 2**20)\n"
        "    for i in range(0, len(held), 4096): held[i] = 1\n"
        "    time.sleep(2)\n"
        "    return x"
    )
    (outcome,) = run(wall, code, Call(1, budget_mb=50))
    assert outcome.outcome == "memory"


def test_memory_freed_before_the_call_does_not_widen_its_budget(wall: Wall) -> None:
    """A large block that is freed goes back to the system, and counts when it is taken again."""
    code = (
        "import numpy as np\n"
        "first = np.ones(3_000_000); del first  # a plain allocator would keep such blocks now\n"
        "blocks = [np.ones(2_500_000) for _ in range(15)]\n"
        "pin = np.ones(10_000)\n"
        "del blocks\n"
        "def answer(x):\n"
        "    blocks = [np.ones(2_500_000) for _ in range(x)]\n"
        "    return len(blocks)"
    )
    few, many = run(wall, code, Call(3, budget_mb=100), Call(12, budget_mb=100))
    assert few.value == 3
    assert many.outcome == "memory"


def test_a_table_read_for_one_call_widens_no_budget_of_the_next(wall: Wall, tmp_path: Path) -> None:
    """Text lies in small blocks, which a process keeps for itself once they are free."""
    sizes = {"large": 1_500_000, "small": 10}
    for name, rows in sizes.items():
        texts = pd.Series(range(rows)).astype(str) + " a text of its own"
        texts.to_frame("text").to_parquet(tmp_path / f"{name}.parquet")
    code = """
def answer(frame):
    return len([str(n) + " another text of its own" for n in range(20 * 45_000)])
"""
    point = Point("case", "tiny", 1, hidden=False)
    calls = (Call(1, budget_mb=400), Call(2, budget_mb=60))
    specs = tuple(
        ({"kind": "frame", "path": str(tmp_path / f"{name}.parquet"), "shown": name},)
        for name in sizes
    )
    prepared = Prepared(point, "answer", calls, specs)
    done = run_answers([Cell("a", code)], [(EXERCISE, prepared)], wall)
    first, second = done.of(EXERCISE)[point].outcomes
    assert (first.outcome, second.outcome) == ("returned", "memory")
    assert first.input_mb > 100 > second.input_mb


def test_copies_of_the_input_are_counted(wall: Wall, tmp_path: Path) -> None:
    pd.DataFrame({"n": np.ones(12_000_000)}).to_parquet(tmp_path / "n.parquet")
    spec = {"kind": "frame", "path": str(tmp_path / "n.parquet"), "shown": "n"}
    point = Point("case", "tiny", 1, hidden=False)
    counted = []
    for code in ("return frame['n'].sum()", "return (frame.copy() + 1)['n'].sum()"):
        prepared = Prepared(point, "answer", (Call(1, budget_mb=900),), ((spec,),))
        cells = [Cell("a", f"def answer(frame):\n    {code}")]
        result = run_answers(cells, [(EXERCISE, prepared)], wall).of(EXERCISE)[point]
        counted.append(result.copies)
    assert counted[0] < 0.5 and 1.3 < counted[1] < 3, counted


@pytest.mark.parametrize(
    "change",
    [
        "few['b'] = 1",
        "few['list'][0].append(2)",
        "few.loc[0, 'a'] = 5",
        "few.loc[1, 'text'] = 'y'",
        "few.sort_values('a', ascending=False, inplace=True)",
        "few.index = [7, 8]",
        "few['when'] = few['when'] + pd.Timedelta(1, unit='us')",
        "few['kind'] = few['kind'].cat.rename_categories(['u', 'w'])",
        "few['flag'] = few['flag'].fillna(True)",
    ],
)
def test_whatever_is_changed_in_place_is_seen(change: str) -> None:
    def few() -> pd.DataFrame:
        columns = {
            "a": [1, 2],
            "text": ["x", None],
            "when": pd.Series(["2025-01-01", None]).astype("datetime64[us, UTC]"),
            "kind": pd.Categorical(["u", "v"]),
            "flag": pd.array([True, None], dtype="boolean"),
            "list": [[1], None],
        }
        return pd.DataFrame(columns)

    frame = few()
    before = fingerprint(frame)
    frame.copy().assign(a=3).sort_values("a")
    assert fingerprint(frame) == before == fingerprint(few())
    exec(change, {"few": frame, "pd": pd})
    assert fingerprint(frame) != before


def test_stages_of_mllib_have_names_that_come_again_and_are_theirs_alone() -> None:
    from pyspark.ml.util import Identifiable

    class Stage(Identifiable):
        pass

    with numbered():
        kept, other = Stage(), Stage()
        uids = [kept.uid, other.uid, Stage().uid]
    assert uids == ["Stage_000000000001", "Stage_000000000002", "Stage_000000000003"]
    del other
    with pytest.raises(OSError), numbered():
        assert [Stage().uid for _ in range(2)] == ["Stage_000000000002"] * 2, "kept has the first"
        raise OSError
    assert Stage().uid != "Stage_000000000002"
    assert kept.uid == uids[0]


def test_a_changed_argument_is_seen(wall: Wall, tmp_path: Path) -> None:
    path = tmp_path / "few.parquet"
    pd.DataFrame({"a": [1, 2]}).to_parquet(path)
    tmp_path.chmod(0o755)
    spec = {"kind": "frame", "path": str(path), "shown": "few"}
    point = Point("case", "tiny", 1, hidden=False)
    prepared = Prepared(point, "answer", (Call("few"), Call("few")), ((spec,), (spec,)))
    code = "def answer(few):\n    few['b'] = 1\n    return len(few.columns)"
    done = run_answers([Cell("c", code)], [(EXERCISE, prepared)], wall)
    result = done.of(EXERCISE)[point]
    assert result.mutated == (0,)
    assert result.values == [2, 2]


def test_inputs_are_found_again_where_the_data_lies_now(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Inputs are kept between runs; a clone, or its data, may have moved in the meantime."""
    from autograder.course import exercise

    one = exercise("memory_wall", "load_needed")
    monkeypatch.setenv("BEYOND_PANDAS_CACHE", str(tmp_path / "cache"))
    for place in ("here", "there"):
        monkeypatch.setenv("SHOP_DATA", str(tmp_path / place))
        prepare.cache_clear()
        prepared = prepare(one, Point("values", "tiny", 5, hidden=False))
        assert all(path.is_relative_to(tmp_path / place) for path in prepared.files())
        assert all(path.exists() for path in prepared.files())
    prepare.cache_clear()


def test_a_broken_cell_does_not_stop_the_rest(wall: Wall) -> None:
    done, (outcome,) = whole_run(
        wall, ["1 / 0", "this is no Python", "%%nothing", "def answer(x): return x"]
    )
    assert outcome.value == 1
    assert "ZeroDivisionError" in done.cell_failures["cell 0"]
    assert "SyntaxError" in done.cell_failures["cell 1"]


def test_a_cell_without_end_does_not_stop_the_rest(wall: Wall) -> None:
    stubborn = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    done, (outcome,) = whole_run(
        wall, ["while True: pass", stubborn, "def answer(x): return x"], cell_seconds=1
    )
    assert outcome.value == 1
    assert set(done.cell_failures) == {"cell 0", "cell 1"}


def test_a_cell_that_ends_the_process_does_not_stop_the_rest(wall: Wall) -> None:
    done, (outcome,) = whole_run(wall, ["import os; os._exit(3)", "def answer(x): return x"])
    assert outcome.value == 1
    assert done.cell_failures["cell 0"]


def test_magics_and_shell_lines_run_as_in_jupyter(wall: Wall) -> None:
    _, (outcome,) = whole_run(
        wall, ["%matplotlib inline", "!echo hello", "x = !echo 7", "def answer(y): return x[0]"]
    )
    assert outcome.value == "7"


def test_a_runner_that_does_not_start_is_our_fault(wall: Wall) -> None:
    prepared = Prepared(Point("case", "tiny", 1, hidden=False), "answer", (Call(1),), ((),))
    with pytest.raises(RuntimeError, match="before it began"):
        run_answers([], [(EXERCISE, prepared)], wall, limits=Limits(memory_mb=8))


def test_a_runner_that_stands_by_gives_the_same() -> None:
    trusting = find_wall(trusting=True)
    spec = {"kind": "plain", "value": 20, "shown": "20"}
    point = Point("case", "tiny", 1, hidden=False)
    prepared = Prepared(point, "answer", (Call(20),), ((spec,),))
    cells = [Cell("a", "import sys\nloaded = 'pandas' in sys.modules"),
             Cell("b", "def answer(x):\n    return [x + 1, loaded]")]  # fmt: skip
    with Standby(trusting, frozenset()) as standby:
        ready = [standby.ready]
        done = run_answers(cells, [(EXERCISE, prepared)], trusting, standby=standby)
        ready.append(standby.ready)
    assert ready == [True, False]
    assert done.of(EXERCISE)[point].value == [21, True]
    with Standby(trusting, frozenset()) as unused:
        jailed = unused._jailed
    assert jailed is not None and jailed.process.wait(10) != 0


def test_a_cell_that_goes_to_another_folder_does_no_harm(wall: Wall) -> None:
    done, (outcome,) = whole_run(wall, ["%cd /", "def answer(x):\n    return x"])
    assert not done.cell_failures
    assert outcome.value == 1


@pytest.mark.parametrize(
    ("returned", "reason"),
    [
        ("object()", "a object"),
        ("lambda: 1", "a function"),
        ("__import__('pandas').DataFrame([[1, 2]], columns=['a', 'a'])", "more than once"),
        ("__import__('pandas').DataFrame({'a': [1, 'x']})", "mixes types"),
        ("[[[[[[[[1]]]]]]]]", "nested"),
    ],
)
def test_a_value_of_an_odd_kind_is_named(wall: Wall, returned: str, reason: str) -> None:
    (outcome,) = run(wall, f"def answer(x):\n    return {returned}")
    assert reason in outcome.unreadable


def test_a_missing_function_is_told_from_a_wrong_one(wall: Wall) -> None:
    (outcome,) = run(wall, "def another(x): return x")
    assert outcome.outcome == "missing"


@pytest.mark.parametrize(
    "line",
    [b"no json\n", b"[1]\n", b'{"event": 3}\n', b'{"event": "x", "n": NaN}\n', b'{"event": "x"',
     b'{"event": "evidence", "arrow_bytes": -1}\n', b'{"event": "e", "arrow_bytes": 9}\nxx',
     b'{"event": "e", "arrow_bytes": 9999999999}\n',
     b'{"event": "e", "v": ' + b"[" * 40 + b"]" * 40 + b"}\n"],
)  # fmt: skip
def test_a_malformed_stream_is_refused(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "stream"
    path.write_bytes(line)
    with open(path, "rb") as stream, pytest.raises(BadEvidence):
        list(read_events(stream))


def test_forged_evidence_of_another_call_is_refused(wall: Wall) -> None:
    """Writing events into the runner's own pipe gains nothing: values are judged, not lines."""
    forged = json.dumps({"event": "evidence", "id": "answer/case-tiny/1", "outcome": "returned"})
    code = (
        "import os\n"
        "def answer(x):\n"
        "    for fd in range(3, 30):\n"
        "        try: os.write(fd, " + repr(forged.encode() + b"\n") + ")\n"
        "        except OSError: pass\n"
        "    return x"
    )
    first, second = run(wall, code, Call(1, seconds=5), Call(2, seconds=5))
    assert first.outcome in {"killed", "returned"}
    assert second.outcome in {"killed", "returned", "nothing"}


def test_a_run_does_not_see_the_names_of_its_data(wall: Wall, tmp_path: Path) -> None:
    """Paths of made data name the seed; what is mounted shows its outside path."""
    folder = tmp_path / "orders-987654321"
    folder.mkdir()
    pd.DataFrame({"a": [1]}).to_parquet(folder / "orders.parquet")
    spec = {"kind": "path", "path": str(folder / "orders.parquet"), "shown": "orders"}
    point = Point("case", "tiny", 987654321, hidden=True)
    prepared = Prepared(point, "answer", (Call("orders"),), ((spec,),))
    code = (
        "import os\n"
        "def answer(path):\n"
        "    told = [path, open('/proc/self/mountinfo').read(), str(dict(os.environ))]\n"
        "    pids = [name for name in os.listdir('/proc') if name.isdigit()]\n"
        "    told += [open(f'/proc/{pid}/cmdline').read() for pid in pids]\n"
        "    return [os.path.exists(path), any('987654321' in text for text in told)]"
    )
    done = run_answers([Cell("c", code)], [(EXERCISE, prepared)], wall)
    assert done.of(EXERCISE)[point].value == [True, False]


def test_an_error_in_a_worker_is_told_by_its_cause() -> None:
    """As Spark words it: PySpark's own lines come first, and would fill a report."""
    trace = (
        "An exception was thrown from the Python worker:\nTraceback (most recent call last):\n"
        '  File "pyspark/worker.py", line 4327, in invoke_udf\n    run_process()\n    ^^^^^^^^^\n'
        '  File "<ipython-input-3>", line 3, in <lambda>\nKeyError: None\n\n\tat org.apache.spark'
    )
    assert describe_error(RuntimeError(trace))["message"] == (
        "KeyError: None\n(raised in a Python worker)"
    )
    for other in ("no worker is left", "Traceback (most recent call last):\n", ""):
        assert describe_error(RuntimeError(other))["message"] == other


def test_an_error_in_the_jvm_is_told_by_its_cause() -> None:
    trace = (
        "An error occurred while calling o417.getResult.\n: org.apache.spark.SparkException: "
        "Exception thrown in awaitResult: \n\tat org.apache.spark.util.Threads.await(T.scala:70)\n"
        "Caused by: org.apache.spark.SparkException: [FAILED_EXECUTE_UDF] It failed due to: null.\n"
        "\tat org.apache.spark.A.b(A.scala:1)\n\t... 2 more\n"
        "Caused by: org.apache.spark.SparkException: Encountered null while assembling a row.\n"
        "Consider removing nulls.\n\tat org.apache.spark.A.c(A.scala:2)\n\t... 31 more\n"
    )
    assert describe_error(RuntimeError(trace))["message"] == (
        "Encountered null while assembling a row.\nConsider removing nulls.\n"
        "(SparkException, raised in Spark's JVM)"
    )
    called = "An error occurred while calling o1.load.\n: java.lang."
    for raised, told in (
        ("IllegalArgumentException: requirement failed", "requirement failed\n(IllegalArgument"),
        ("NullPointerException", "no message\n(NullPointer"),
    ):
        short = RuntimeError(f"{called}{raised}\n\tat java.base/java.lang.Thread.run(Thread.java)")
        assert describe_error(short)["message"] == f"{told}Exception, raised in Spark's JVM)"


def test_of_a_message_of_several_lines_the_first_is_the_headline() -> None:
    lines = [{"function": "f", "number": 2, "line": "return frame.select('days')"}]
    for message, told, beneath in (
        ("No days.\nProject [days]\n+- Scan\n", ": No days.", ["Project [days]\n+- Scan"]),
        ("\nNo days.\n", ": No days.", []),
        ("", ".", []),
    ):
        error = {"type": "AnalysisException", "message": message, "lines": lines}
        outcome = Outcome(Call(), "raised", error=error)
        with pytest.raises(Gap) as raised:
            _ = Result("f", "tiny", False, [outcome]).value
        assert raised.value.headline == f"f raised AnalysisException{told}"
        assert raised.value.details == (*beneath, "line 2: return frame.select('days')")
        with pytest.raises(Gap) as hidden:
            _ = Result("f", "tiny", True, [outcome]).value
        assert hidden.value.details == ("line 2: return frame.select('days')",)


ABANDONED = """
import sys
from pathlib import Path
from autograder.cases import Point, Prepared
from autograder.checking import Call
from autograder.supervise import Cell, run_answers
from autograder.wall import Trusting
from tests.autograder.test_runs import EXERCISE

source = '''
def answer(path):
    import os, time
    open(path, "w").write(str(os.getpid()))
    time.sleep(60)
'''
calls = (Call(sys.argv[1], seconds=60),)
specs = (({"kind": "plain", "value": sys.argv[1], "shown": "path"},),)
point = Point("case", "tiny", 1, hidden=False)
prepared = Prepared(point, "answer", calls, specs, spark=sys.argv[2] == "spark")
run_answers([Cell("cell 1", source)], [(EXERCISE, prepared)], Trusting())
"""


@pytest.mark.parametrize("beside", ["", "spark"])
def test_a_run_ends_when_the_process_that_asked_for_it_was_killed(
    beside: str, tmp_path: Path
) -> None:
    """A kernel that is killed in the middle of a check leaves nothing behind for long."""
    note = tmp_path / "pid"
    asked = subprocess.Popen(
        [sys.executable, "-c", ABANDONED, str(note), beside],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    try:
        deadline = time.monotonic() + 120
        while not (note.exists() and note.read_text()):
            assert asked.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        asked.kill()
        asked.wait()
    number = int(note.read_text())
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(number).wait(timeout=20)
    assert not psutil.pid_exists(number)
