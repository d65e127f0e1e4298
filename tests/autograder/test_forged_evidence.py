"""What is no evidence of an honest runner is refused, and costs the reader neither memory nor time.

The reader is trusted code in the process of whoever grades: it must end with `BadEvidence`, never
with another error, whatever it is sent.
"""

from __future__ import annotations

import json
import shutil
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from autograder import grading, submissions
from autograder.answers import LONGEST_LOOKED_AT, matches_sign, wrong_answers
from autograder.checking import Call
from autograder.course import chapters, exercises
from autograder.evidence import MOST_COLUMNS, BadEvidence, Outcome, read_outcome
from autograder.texts import readable
from autograder.wall import Wall
from tests.autograder.bad_notebooks import CHAPTER, hand_in, notebook

MANY = 2**40


def _read(event: Any, payload: bytes = b"") -> Outcome:
    return read_outcome(Call(1), json.loads(json.dumps(event)), payload)


def _frame(body: bytes) -> Outcome:
    node = {"kind": "frame", "part": 0}
    return _read({"outcome": "returned", "parts": [len(body)], "value": node}, body)


def _stream(table: pa.Table, **options: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(
        sink, table.schema, options=pa.ipc.IpcWriteOptions(allow_64bit=True, **options)
    ) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _plain(value: Any) -> dict[str, Any]:
    return {"outcome": "returned", "parts": [], "value": {"kind": "plain", "value": value}}


BROKEN: dict[str, Any] = {
    "an outcome that is a list": {"outcome": ["returned"]},
    "an outcome that is not known": {"outcome": "full points"},
    "no value": {"outcome": "returned", "parts": []},
    "a kind that is a list": {"outcome": "returned", "parts": [], "value": {"kind": []}},
    "a part that is not there": {
        "outcome": "returned", "parts": [], "value": {"kind": "frame", "part": 0},
    },
    "a part before the first": {
        "outcome": "returned", "parts": [0], "value": {"kind": "frame", "part": -1},
    },
    "parts that are true": {"outcome": "returned", "parts": [True], "value": {"kind": "plain"}},
    "parts that do not add up": {"outcome": "returned", "parts": [5], "value": {"kind": "plain"}},
    "a number that is none": _plain({"$": "int", "v": "ten"}),
    "a number of 4,500 digits": _plain({"$": "int", "v": "9" * 4_500}),
    "a decimal that is none": _plain({"$": "decimal", "v": "ten"}),
    "a decimal out of range": _plain({"$": "decimal", "v": "1e99999999999999999999"}),
    "a time that is none": _plain({"$": "time", "v": "always"}),
    "a time out of range": _plain({"$": "time", "v": "9" * 400}),
    "a float that is a list": _plain({"$": "float", "v": []}),
    "a key that is a list": _plain({"$": "dict", "v": [[{"$": "list", "v": []}, 1]]}),
    "pairs that are none": _plain({"$": "dict", "v": [1]}),
    "an RDD's rows that are a text": {
        "outcome": "returned", "parts": [], "value": {"kind": "rdd", "rows": "x", "sizes": []},
    },
}  # fmt: skip


@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("what", BROKEN)
def test_broken_evidence_is_refused_as_such(what: str) -> None:
    with pytest.raises(BadEvidence):
        _read(BROKEN[what])


def _of(array: Any) -> Callable[[], bytes]:
    return lambda: _stream(pa.table({"a": array}))


def _buffers(kind: Any, buffers: list[Any], length: int = MANY, **more: Any) -> Callable[[], bytes]:
    return lambda: _stream(pa.table({"a": pa.Array.from_buffers(kind, length, buffers, **more)}))


def _views() -> bytes:
    """One text of a megabyte, at which a hundred thousand rows look."""
    text = pa.array(["x" * 10**6], pa.string_view())
    _, view, data = text.buffers()
    rows = 100_000
    return _stream(
        pa.table(
            {
                "a": pa.Array.from_buffers(
                    pa.string_view(), rows, [None, pa.py_buffer(view.to_pybytes() * rows), data]
                )
            }
        )
    )


def _spelled_out() -> bytes:
    """Rows of a dictionary within a list: pandas would be given each text anew."""
    rows = 100_000
    codes = pa.py_buffer(bytes(rows))
    inner = pa.DictionaryArray.from_arrays(
        pa.Array.from_buffers(pa.int8(), rows, [None, codes]), pa.array(["x" * 10**6])
    )
    return _stream(pa.table({"a": pa.ListArray.from_arrays([0, rows], inner)}))


def _packed(codec: str) -> Callable[[], bytes]:
    zeros = pa.Array.from_buffers(pa.int64(), 2**24, [None, pa.py_buffer(bytes(2**27))])
    return lambda: _stream(pa.table({"a": zeros}), compression=codec)


def _packed_dictionary() -> bytes:
    """Only the dictionary is worth packing."""
    table = pa.table({"a": pa.DictionaryArray.from_arrays([0], pa.array(["x" * 10**8]))})
    return _stream(table, compression="zstd")


BOMBS: dict[str, Callable[[], bytes]] = {
    "rows of nothing": _buffers(pa.null(), [None]),
    "rows of empty structs": _buffers(pa.struct([]), [None], children=[]),
    "rows of empty lists": _buffers(
        pa.list_(pa.int8(), 0), [None], children=[pa.array([], pa.int8())]
    ),
    "rows of empty binaries": _buffers(pa.binary(0), [None, pa.py_buffer(b"")]),
    "a list of nothings": lambda: _stream(
        pa.table({"a": pa.ListArray.from_arrays([0, 2**31 - 1],
                  pa.Array.from_buffers(pa.null(), 2**31 - 1, [None]))})
    ),
    "a struct of lists of nothings": lambda: _stream(
        pa.table({"a": pa.StructArray.from_arrays([pa.ListArray.from_arrays(
            [0, 2**31 - 1], pa.Array.from_buffers(pa.null(), 2**31 - 1, [None]))], ["b"])})
    ),
    "a run of equal values": lambda: _stream(
        pa.table({"a": pa.RunEndEncodedArray.from_arrays(pa.array([MANY]), pa.array(["x" * 99]))})
    ),
    "views of one text": _views,
    "texts of a dictionary": _spelled_out,
    "packed with zstd": _packed("zstd"),
    "packed with lz4": _packed("lz4"),
    "a packed dictionary": _packed_dictionary,
    "very many columns": lambda: _stream(
        pa.table([pa.nulls(0)] * (MOST_COLUMNS + 1), names=list(map(str, range(MOST_COLUMNS + 1))))
    ),
}  # fmt: skip


@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("what", BOMBS)
def test_a_short_stream_that_is_a_long_table_is_refused(what: str) -> None:
    body = BOMBS[what]()
    tracemalloc.start()
    before, started = pa.total_allocated_bytes(), time.process_time()
    try:
        with pytest.raises(BadEvidence):
            _frame(body)
        assert tracemalloc.get_traced_memory()[1] < len(body) + 50_000_000
        assert pa.total_allocated_bytes() - before < 50_000_000
        assert time.process_time() - started < 10
    finally:
        tracemalloc.stop()


SOUND = {
    "texts and missing ones": pd.DataFrame({"a": ["x", None], "b": [1, 2]}),
    "a category": pd.DataFrame({"a": pd.Categorical(["x", "y", "x"])}),
    "lists": pd.DataFrame({"a": [[1, 2], []]}),
    "nothing but missing values": pd.DataFrame({"a": [None, None]}),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype="int64")}),
    "times": pd.DataFrame({"a": pd.to_datetime(["2025-01-01", "NaT"])}),
}


@pytest.mark.parametrize("what", SOUND)
def test_an_honest_table_is_read(what: str) -> None:
    read = _frame(_stream(pa.Table.from_pandas(SOUND[what])))
    assert len(read.value) == len(SOUND[what])


@pytest.mark.counted("attacks contained")
def test_a_pandas_frame_cannot_claim_to_be_sparks() -> None:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["engine"] = "Spark"
    assert _frame(_stream(pa.Table.from_pandas(frame))).value.attrs == {}


@pytest.mark.counted("attacks contained")
def test_what_is_read_of_an_error_is_short_and_does_nothing() -> None:
    acts = "\x1b[2J\u202e\ud800" * 10**4
    line = {"number": acts, "line": acts, "function": acts, "more": acts}
    error = {"type": acts, "message": acts, "lines": [line] * 99}
    read = _read({"outcome": "raised", "error": error})
    said = json.dumps(read.error, ensure_ascii=False)
    assert len(said.encode()) < 50_000
    assert not {"\x1b", "\u202e", "\ud800"} & set(said)
    assert _read({"outcome": "raised"}).error == {}


def test_a_readable_text_keeps_what_is_seen() -> None:
    assert readable("Łódź, 東京\t🙂\nnext", 100) == "Łódź, 東京\t🙂\nnext"
    assert readable("x" * 11, 10) == "x" * 9 + "…" and readable("x" * 10, 10) == "x" * 10


# Pieces of what the patterns look for, each of which begins a search that does not end well.
PIECES = ("tracking ", "category ", "read_csv(", "read_csv(chunksize", "except ", "concat(")
WRONG = {
    f"{exercise.id}-{answer.name}": answer
    for chapter in chapters()
    for exercise in exercises(chapter)
    for answer in wrong_answers(exercise)
    if answer.sign
}


@pytest.mark.counted("attacks contained")
@pytest.mark.parametrize("what", WRONG)
def test_no_source_makes_the_search_for_a_mistake_long(what: str) -> None:
    started = time.process_time()
    for piece in PIECES:
        for source in (piece * 100_000, (piece + "\n") * 100_000):
            matches_sign(WRONG[what], source)
    assert time.process_time() - started < 10
    assert 5 * max(len(one.source) for one in WRONG.values()) <= LONGEST_LOOKED_AT


def test_a_fault_of_ours_in_reading_one_stops_nobody_else(
    course_folder: Any, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No notebook is known that does it, so the fault is put there."""
    submitted = course_folder / "classroom" / "submitted"
    aside = submitted.with_name("before-a-fault")
    if submitted.exists():
        submitted.rename(aside)
    for student in ("fine", "odd"):
        folder = submitted / student / CHAPTER
        folder.mkdir(parents=True)
        hand_in(folder, notebook())
    read = submissions.read_submission

    def breaks(path: Any, *args: Any) -> Any:
        if "odd" in path.parts:
            raise LookupError("a fault")
        return read(path, *args)

    monkeypatch.setattr(grading, "read_submission", breaks)
    try:
        graded = grading.grade_class(CHAPTER, wall, course=course_folder)
        states = {one.student: one.verdict.state for one in graded}
    finally:
        shutil.rmtree(submitted)
        if aside.exists():
            aside.rename(submitted)
    assert states == {"fine": "graded", "odd": "grader_error"}
