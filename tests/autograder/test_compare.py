"""The comparison ignores what right answers differ in, and nothing else."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from autograder.checking import Call, Gap
from autograder.compare import same_frame, same_number, same_rows, same_value
from autograder.evidence import Outcome, Result, Rows
from autograder.misconceptions import same_outcome

EXPECTED = pd.DataFrame(
    {"city": ["Graz", "Łódź", None], "orders": [3, 1, 2], "mean": [1.5, 2.0, np.nan]}
)

SAME = {
    "the same": EXPECTED,
    "columns in another order": EXPECTED[["mean", "city", "orders"]],
    "rows in another order": EXPECTED.iloc[[2, 0, 1]],
    "an index of its own": EXPECTED.set_axis([7, 8, 9]),
    "category for text": EXPECTED.astype({"city": "category"}),
    "Arrow strings": EXPECTED.astype({"city": "string[pyarrow]"}),
    "nullable integers": EXPECTED.astype({"orders": "Int64"}),
    "small integers": EXPECTED.astype({"orders": "int8"}),
    "unsigned integers": EXPECTED.astype({"orders": "uint16"}),
    "whole floats": EXPECTED.astype({"orders": "float64"}),
    "nullable floats": EXPECTED.astype({"mean": "Float64"}),
    "Arrow types": EXPECTED.convert_dtypes(dtype_backend="pyarrow"),
    "decimals": EXPECTED.assign(
        mean=np.array([Decimal("1.5"), Decimal("2"), None], dtype="object")
    ),
    "NaN for None": EXPECTED.assign(city=["Graz", "Łódź", np.nan]),
    "the last digit": EXPECTED.assign(mean=[1.5 + 1e-13, 2.0, np.nan]),
}
DIFFERENT = {
    "a value": EXPECTED.assign(orders=[3, 1, 4]),
    "a value of single precision": EXPECTED.assign(mean=[1.5 + 1e-7, 2.0, np.nan]),
    "a missing row": EXPECTED.head(2),
    "a repeated row": EXPECTED.iloc[[0, 1, 2, 2]],
    "one row twice for another": EXPECTED.iloc[[0, 0, 2]],
    "a missing column": EXPECTED.drop(columns="mean"),
    "one column too many": EXPECTED.assign(more=1),
    "a zero for a missing value": EXPECTED.fillna({"mean": 0}),
    "text for a missing value": EXPECTED.fillna({"city": ""}),
    "numbers as text": EXPECTED.astype({"orders": "str"}),
    "truth for a number": EXPECTED.assign(orders=[True, True, True]),
    "the city in the index": EXPECTED.set_index("city"),
    "no frame": None,
    "a Series": EXPECTED["orders"],
}


@pytest.mark.parametrize("name", SAME)
def test_it_ignores(name: str) -> None:
    same_frame(SAME[name], EXPECTED)


@pytest.mark.parametrize("name", DIFFERENT)
def test_it_sees(name: str) -> None:
    with pytest.raises(Gap):
        same_frame(DIFFERENT[name], EXPECTED)


def test_it_sees_the_order_of_rows_where_the_task_is_about_it() -> None:
    with pytest.raises(Gap, match="order of the rows"):
        same_frame(EXPECTED.iloc[::-1], EXPECTED, ordered=True)


def test_it_takes_instants_whatever_their_zone_and_unit() -> None:
    zoned = pd.DataFrame({"at": pd.to_datetime(["2026-01-01 12:00"]).tz_localize("UTC")})
    other = pd.DataFrame({"at": zoned["at"].dt.tz_convert("Europe/Vienna").dt.as_unit("s")})
    same_frame(other, zoned)
    same_frame(pd.DataFrame({"at": [datetime.datetime(2026, 1, 1, 12)]}), zoned)
    with pytest.raises(Gap):
        same_frame(zoned + pd.Timedelta(hours=1), zoned)


def test_large_integers_are_compared_exactly() -> None:
    ids = pd.DataFrame({"id": [2**53, 2**53 + 1]})
    with pytest.raises(Gap):
        same_frame(pd.DataFrame({"id": [2**53, 2**53 + 2]}), ids)


def test_large_whole_numbers_are_compared_exactly_where_it_is_asked_for() -> None:
    same_value(2**62 + 1, 2**62 + 1, relative=0)
    with pytest.raises(Gap):
        same_value(2**62 + 1, 2**62, relative=0)


def test_a_wrong_answer_is_known_by_rows_that_no_check_would_take() -> None:
    rows = [Outcome(Call(), "returned", Rows([("Graz", 1), None], (2,))) for _ in range(2)]
    others = [Outcome(Call(), "returned", Rows([("Graz", 1), some], (2,))) for some in (0, "None")]
    first, second, *different = [Result("f", "tiny", False, [one]) for one in [*rows, *others]]
    assert same_outcome(first, second)
    assert not any(same_outcome(first, one) for one in different)


def test_a_list_is_known_by_its_order_too() -> None:
    one, other = (
        Result("f", "tiny", False, [Outcome(Call(), "returned", value)])
        for value in ([True, False], [False, True])
    )
    assert same_outcome(one, one) and not same_outcome(one, other)


def test_an_answer_is_known_by_the_calls_that_were_made() -> None:
    failed = Outcome(Call(), "raised", error={"type": "ValueError"})
    returned, never = Outcome(Call(), "returned", 1), Outcome(Call(), "nothing")
    ended, whole, nothing, other = (
        Result("f", "tiny", False, outcomes)
        for outcomes in ([failed, never], [failed, returned], [never, never], [returned, failed])
    )
    assert same_outcome(ended, whole) and same_outcome(whole, whole)
    assert not same_outcome(ended, other) and not same_outcome(whole, ended)
    assert not same_outcome(nothing, whole) and not same_outcome(nothing, nothing)


def _raised(kind: str, message: str) -> Result:
    error = {"type": kind, "message": message}
    return Result("f", "tiny", False, [Outcome(Call(), "raised", error=error)])


def test_an_error_is_known_by_its_words_and_not_by_its_type() -> None:
    cast = 'The value \'{}\' of the type "STRING" cannot be cast to "{}".'
    known = _raised("NumberFormatException", cast.format("12,50", "DECIMAL(12,2)"))
    called = cast.format("n/a", "DOUBLE") + '\n== DataFrame ==\n"cast" was called from\ncell [7]'
    assert same_outcome(_raised("NumberFormatException", called), known)
    for kind, message in [
        ("ArithmeticException", called),
        ("NumberFormatException", "The value '1' is out of range."),
        ("NumberFormatException", ""),
    ]:
        assert not same_outcome(_raised(kind, message), known)


def _failed_flow(kind: str, message: str, task: str, calls: int) -> Result:
    error = {"type": kind, "message": message, "lines": []}
    runs = [{"state": "FAILED", "error": error, "tasks": [{"state": task, "attempts": 1}]}]
    value = {"flow": {"flow": "daily", "runs": runs}, "calls": calls}
    return Result("f", "tiny", False, [Outcome(Call(), "returned", value)])


def test_a_flow_that_failed_is_known_by_its_error_where_its_tasks_are_a_matter_of_chance() -> None:
    pattern = r"'Prefect\w*Future'"
    said = "'PrefectConcurrentFuture' object is not iterable"
    known = _failed_flow("TypeError", said, "COMPLETED", 2)
    late = _failed_flow("TypeError", said, "CRASHED", 1)
    other = _failed_flow("TypeError", "'int' object is not iterable", "COMPLETED", 2)
    assert same_outcome(late, known, pattern) and not same_outcome(other, known, pattern)
    # Without a pattern all counts but an error's text, which may name files of the answer's own.
    assert not same_outcome(late, known) and same_outcome(other, known)
    assert not same_outcome(_failed_flow("OSError", said, "COMPLETED", 2), known)


def test_which_of_two_tasks_began_first_is_a_matter_of_chance() -> None:
    first, second, other = (_failed_flow("OSError", "", "COMPLETED", 2) for _ in range(3))
    for one, states in ((first, "CF"), (second, "FC"), (other, "FF")):
        (run,) = one.outcomes[0].value["flow"]["runs"]
        run["tasks"] = [{"task": "fetch", "state": state, "attempts": 1} for state in states]
    assert same_outcome(first, second) and not same_outcome(first, other)


def test_bytes_that_a_probe_counted_differ_from_process_to_process() -> None:
    first, second, other = (
        Result("f", "tiny", False, [Outcome(Call(), "returned", {"rows": rows, name: 162_020})])
        for rows, name in (([1], "closure_bytes"), ([1], "cached_bytes"), ([2], "closure_bytes"))
    )
    first.outcomes[0].value["cached_bytes"] = 0
    assert same_outcome(first, second) and not same_outcome(first, other)


def test_where_memory_ran_out_says_nothing() -> None:
    first, second, other = (
        Result("f", "tiny", False, [Outcome(Call(), "memory", error=error)])
        for error in (
            {"type": "MemoryError", "message": "Unable to allocate 1.2 GiB for type float64"},
            {"type": "MemoryError", "message": ""},
            {"type": "ArrowMemoryError", "message": ""},
        )
    )
    assert same_outcome(first, second) and not same_outcome(other, second)


def test_an_error_about_another_column_is_another_mistake() -> None:
    first, second = (
        _raised("AnalysisException", f"Reference `{name}` is ambiguous, could be: [#1, #2].")
        for name in ("city", "amount")
    )
    assert same_outcome(first, first) and not same_outcome(second, first)


def test_an_error_may_be_known_by_a_pattern() -> None:
    unpacked = _raised("PythonException", "ValueError: not enough values to unpack")
    pattern = "^PythonException: (ValueError|IndexError): "
    picked, unknown = (
        _raised("PythonException", said)
        for said in ("IndexError: list index out of range", "NameError: name 'x' is not defined")
    )
    assert same_outcome(picked, unpacked, pattern) and not same_outcome(picked, unpacked)
    assert not same_outcome(unknown, unpacked, pattern)


def test_an_empty_frame_equals_an_empty_frame_of_other_types() -> None:
    empty = pd.DataFrame({"city": [], "orders": []})
    same_frame(empty.astype({"city": "object", "orders": "int64"}), empty)


def test_a_difference_names_the_missing_groups() -> None:
    with pytest.raises(Gap) as told:
        same_frame(EXPECTED.iloc[[0, 2]], EXPECTED, keys=["city"])
    assert any("Łódź" in line for line in told.value.details)


def test_rows_that_differ_are_shown_with_both_values() -> None:
    with pytest.raises(Gap) as told:
        same_frame(EXPECTED.assign(orders=[3, 1, 4]), EXPECTED)
    text = "\n".join(told.value.details)
    assert "returned" in text and "expected" in text and "4" in text and "2" in text


def test_values_that_differ_are_shown_with_the_rest_of_their_rows() -> None:
    with pytest.raises(Gap) as told:
        same_frame(EXPECTED.assign(orders=[3, 1, 4]).iloc[::-1], EXPECTED)
    assert all("city" in told.value.details[n] and "mean" in told.value.details[n] for n in (1, 3))


def test_keys_that_differ_are_named() -> None:
    with pytest.raises(Gap) as told:
        same_value({"Graz": 1, None: 2}, {"Graz": 1, "Wels": 2})
    assert told.value.details == ("missing: 'Wels'", "not expected: None")
    with pytest.raises(Gap, match="list came back"):
        same_value([], {"Graz": 1})


def test_numbers_and_plain_values() -> None:
    same_number(np.float64(2.0) / 1, 2)
    same_value([1, "a", None], [1, "a", None])
    same_value({"a": 1.0}, {"a": 1})
    for wrong in (True, "2", None, 2.1):
        with pytest.raises(Gap):
            same_number(wrong, 2)


def test_cells_that_hold_arrays_are_compared_whole() -> None:
    held = pd.DataFrame({"baskets": [np.array([1, 2]), np.array([3])]})
    same_frame(pd.DataFrame({"baskets": [np.array([1, 2]), np.array([3])]}), held)
    with pytest.raises(Gap, match="1 of 2 rows"):
        same_frame(pd.DataFrame({"baskets": [np.array([1, 2]), np.array([4])]}), held)


def _rdd(*rows: object) -> Rows:
    return Rows(list(rows), (len(rows),))


def test_elements_that_differ_are_shown_whole_and_none_as_none() -> None:
    expected = _rdd(("Graz", 3, None), ("Wels", 1, 2.5))
    with pytest.raises(Gap) as told:
        same_rows(_rdd(("Wels", 1, 2.5), ("Graz", 3, 0.0)), expected)
    assert "('Graz', 3, None)" in told.value.details and "('Graz', 3, 0)" in told.value.details


def test_elements_too_many_and_too_few_are_named() -> None:
    expected = _rdd(("Graz", 0.1 + 0.2), ("Graz", 0.3), ("Wels", None))
    with pytest.raises(Gap) as told:
        same_rows(_rdd(("Graz", 0.3), ("Wels", None)), expected)
    assert told.value.details == ("missing, 1 in all, such as:", "('Graz', 0.3)")
    with pytest.raises(Gap) as told:
        same_rows(_rdd(*expected, ("Linz", [1])), expected)
    assert told.value.details == ("not expected, 1 in all, such as:", "('Linz', [1])")
