"""The author's tools: what the checks see of slips, and of the answers on file."""

from __future__ import annotations

import ast
import importlib
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import shop
from click.testing import CliRunner, Result

import autograder.checks
from autograder import answers, assignments, course
from autograder.assignments import reference_source
from autograder.authoring import recorded, survivors
from autograder.authoring.coverage import coverage
from autograder.authoring.inputs import WAYS, changed_inputs
from autograder.authoring.mutants import Fate, fates
from autograder.authoring.mutations import OPERATORS, mutants
from autograder.authoring.survivors import accepted, summary
from autograder.cases import Point, prepare
from autograder.checking import Exercise
from autograder.cli import course as command
from autograder.course import every_exercise, exercise
from autograder.verdict import max_points

EVERY_EXERCISE = every_exercise()
CHAPTER = "weak_checks"


# ---- the slips ------------------------------------------------------------------------------

SLIPS = [
    ("comparison", "x[x.a < 3]", "x[x.a <= 3]"),
    ("comparison", "x[x.a >= 3]", "x[x.a > 3]"),
    ("comparison", "a == b", "a != b"),
    ("comparison", "a in b", "a not in b"),
    ("arithmetic", "a + b", "a - b"),
    ("arithmetic", "a * b", "a / b"),
    ("arithmetic", "a // b", "a / b"),
    ("arithmetic", "a / b", "a // b"),
    ("arithmetic", "x[(a) & (b)]", "x[a | b]"),
    ("arithmetic", "x[~a]", "x[a]"),
    ("arithmetic", "total += a", "total = a"),
    ("aggregation", "x.groupby('a').sum()", "x.groupby('a').mean()"),
    ("aggregation", "x.agg(n=('b', 'nunique'))", "x.agg(n=('b', 'count'))"),
    ("aggregation", "x.groupBy('a').agg(F.sum('b'))", "x.groupBy('a').agg(F.max('b'))"),
    ("aggregation", "F.countDistinct('b')", "F.count('b')"),
    ("aggregation", "max(a, b)", "min(a, b)"),
    ("method", "a.union(b)", "a.intersect(b)"),
    ("method", "F.col('a').desc()", "F.col('a').asc()"),
    ("method", "F.row_number()", "F.rank()"),
    ("join type", "a.merge(b, on='k', how='left')", "a.merge(b, on='k', how='inner')"),
    ("join type", "a.join(b, 'k', 'left_anti')", "a.join(b, 'k', 'left_semi')"),
    ("join type", "a.merge(b, on='k')", "a.merge(b, on='k', how='left')"),
    ("join type", "a.join(b, 'k')", "a.join(b, 'k', how='left')"),
    ("flag", "x.sort_values('a', ascending=False)", "x.sort_values('a', ascending=True)"),
    ("flag", "x.sort_values(ascending=[False, True])", "x.sort_values(ascending=[True, True])"),
    ("flag", "x.groupby('a', observed=True)", "x.groupby('a', observed=False)"),
    ("flag", "x.drop_duplicates(keep='last')", "x.drop_duplicates(keep='first')"),
    ("dtype", "x.astype('int64')", "x.astype('int32')"),
    ("dtype", "x.astype({'a': 'float64'})", "x.astype({'a': 'float32'})"),
    ("dtype", "x.cast(LongType())", "x.cast(IntegerType())"),
    ("constant", "x.head(10)", "x.head(11)"),
    ("constant", "x[:7]", "x[:6]"),
    ("bound", "x[:n]", "x[:n - 1]"),
    ("bound", "x.limit(n)", "x.limit(n + 1)"),
    ("bound", "range(n)", "range(n - 1)"),
    ("condition", "a and b", "a or b"),
    ("condition", "a and b", "b"),
    ("condition", "1 if a else b", "1 if not a else b"),
    ("condition", "[a for a in b if a]", "[a for a in b if not a]"),
    ("condition", "[a for a in b if a]", "[a for a in b]"),
    ("left out", "x.drop_duplicates().merge(b)", "x.merge(b)"),
    ("left out", "x.dropDuplicates(['k'])", "x"),
    ("left out", "x.distinct().count()", "x.count()"),
    ("left out", "x.orderBy('a').limit(3)", "x.limit(3)"),
    ("left out", "x.fillna(0).sort_values('a').reset_index()", "x.fillna(0).reset_index()"),
    ("left out", "F.broadcast(a)", "a"),
    ("keyword", "x.value_counts(dropna=False)", "x.value_counts()"),
    ("element", "x.groupby(['a', 'b'])", "x.groupby(['a'])"),
    ("statement", "del x", "pass"),
    ("statement", "parts.append(a)", "pass"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "before", "after"), SLIPS)
def test_a_slip_is_made(operator: str, before: str, after: str) -> None:
    wanted = ast.unparse(ast.parse(after))
    assert wanted in {one.source for one in mutants(before) if one.operator == operator}


def test_every_kind_of_slip_is_tried_here() -> None:
    assert {operator for operator, _, _ in SLIPS} == set(OPERATORS)


@pytest.mark.parametrize("one", EVERY_EXERCISE, ids=lambda one: one.name)
def test_mutants_are_programs_that_differ_in_the_same_order_each_time(one: Exercise) -> None:
    source = reference_source(one)
    made = mutants(source)
    programs = [mutant.source for mutant in made]
    assert made
    assert len(set(programs)) == len(programs)
    assert ast.unparse(ast.parse(source)) not in programs
    assert len({mutant.id for mutant in made}) == len(made)
    assert [mutant.line for mutant in made] == sorted(mutant.line for mutant in made)
    assert mutants(source) == made
    for program in programs:
        compile(program, "mutant", "exec")


def test_types_docstrings_and_imports_are_left_alone() -> None:
    program = '''
        import pandas as pd
        from a import sum

        def f(x: Literal[1], y: "int64 == 2" = None) -> tuple[int, 3]:
            """Adds 1 and 2."""
            z: Literal[4] = x
            return z
    '''
    assert mutants(textwrap.dedent(program)) == []


def test_what_would_only_be_an_unknown_name_is_not_made() -> None:
    once = "def f(x):\n    y = g(x)\n    return y"
    twice = "def f(x):\n    y = g(x)\n    y = h(y)\n    return y"
    assert [one for one in mutants(once) if one.operator == "statement"] == []
    assert len([one for one in mutants(twice) if one.operator == "statement"]) == 2


def test_every_check_catches_a_wrong_answer_on_file(count: Callable[[str], None]) -> None:
    """By what the answers' files say; that it is true of each is tested with the answers."""
    checks = [(one.id, test) for one in EVERY_EXERCISE for test in max_points(one)]
    caught = {
        (one.id, test)
        for one in EVERY_EXERCISE
        for a in answers.wrong_answers(one)
        for test in a.fails
    }
    assert sorted(set(checks) - caught) == []
    count(f"checks that a wrong answer on file fails: {len(caught & set(checks))} of {len(checks)}")


def test_reasons_on_file_are_about_mutants_that_there_are() -> None:
    for one in EVERY_EXERCISE:
        known = {mutant.id for mutant in mutants(reference_source(one))}
        assert set(accepted(one.chapter).get(one.name, {})) <= known, one.id


def test_a_record_of_other_content_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = EVERY_EXERCISE[0]
    monkeypatch.setattr(recorded, "_file", lambda chapter: tmp_path / f"{chapter}.json")
    assert recorded.load(one) is None
    fate = Fate("id", "comparison", 1, "a -> b", "caught", tests=("test_values",))
    path = recorded.record(one.chapter, {one: [fate]})
    found = recorded.load(one)
    assert found is not None and found[0]["id"] == "id"
    path.write_text(path.read_text().replace('"key": "', '"key": "x'))
    assert recorded.load(one) is None
    path.write_text("no JSON")
    assert recorded.load(one) is None


# ---- inputs that no case makes --------------------------------------------------------------


def test_tables_are_changed_in_one_way_and_one_argument_at_a_time(tmp_path: Path) -> None:
    given = prepare(
        exercise("memory_wall", "report"), Point("edges", "tiny", shop.SEED, hidden=False)
    )
    made = {one.point.size: one for one in changed_inputs([given], tmp_path)}
    assert len(made) == 2 * len(WAYS)
    before = [pd.read_parquet(spec["path"]) for spec in given.arguments[0]]
    for size, one in made.items():
        place = 0 if "argument 1" in size else 1
        after = [pd.read_parquet(spec["path"]) for spec in one.arguments[0]]
        assert after[1 - place].equals(before[1 - place])
        old, new = before[place], after[place]
        if "duplicated" in size:
            assert len(new) == len(old) + (len(old) + 1) // 2
        elif "empty" in size:
            assert len(new) == 0 and list(new.columns) == list(old.columns)
        elif "shuffled" in size:
            assert not new.equals(old)
            key = new.columns[0]
            assert sorted(new[key].dropna()) == sorted(old[key].dropna())
        else:
            more = new.isna().sum() > old.isna().sum()
            assert set(more[more].index) <= {"customer_id", "city"} and more.any()


# ---- a chapter whose checks are weak on purpose -----------------------------------------------

SOLUTIONS = """
# %% tags=["setup"]
import pandas as pd

# %% answer="loose"
def loose(values: list[int], limit: int) -> int:
    return len([value for value in values if value > limit])

# %% answer="strict"
def strict(values: list[int], limit: int) -> int:
    return len([value for value in values if value > limit])

# %% answer="halves"
def halves(number: int) -> int:
    times = 0
    while number > 1:
        number //= 2
        times += 1
    return times

# %% answer="known"
def known(cities: pd.Series) -> int:
    return int(cities.drop_duplicates().size)
"""

CHECKS = """
import pandas as pd
import pytest
from autograder.checking import Call, Case, Exercise
from autograder.compare import same_number

EXERCISE = Exercise(id="{chapter}.{name}", title="{name}", section="none", minutes=1, hints=())

def calls(shop):
    values = [int(value) for value in shop.random.integers(0, 10, 200)]
    return {calls}

CASES = {{"drawn": Case(calls, self_check=("tiny",), grading=("small",))}}

@pytest.mark.case("drawn")
@pytest.mark.points(8)
def test_values(result, expected):
    for returned, wanted in zip(result.each(), expected.values, strict=True):
        same_number(returned, wanted, relative={relative})

@pytest.mark.case("drawn")
@pytest.mark.points(2)
def test_that_catches_nothing(result, expected):
    assert len(result.values) == len(expected.values)
"""

EXERCISES = {
    "loose": ("[Call(values, 5)]", 0.5),
    "strict": ("[Call(values, 5), Call([5], 5), Call([6], 5)]", 0),
    "halves": ("[Call(8), Call(1), Call(2), Call(values[0] + 3)]", 0),
    "known": ("[Call(pd.Series(['Graz', 'Wien']))]", 0),
}

ANSWERS = {
    "right_sum": "def strict(values, limit):\n    return sum(value > limit for value in values)",
    "right_but_off": "def strict(values, limit):\n    return sum(v >= limit for v in values)",
    "wrong_below": '''"""Look at the sign again."""
FAILS = ["test_values"]


def strict(values, limit):
    return sum(value < limit for value in values)
''',
    "wrong_that_is_right": '''"""Nobody ever reads this."""
FAILS = ["test_values"]


def strict(values, limit):
    return sum(1 for value in values if not value <= limit)
''',
}

SLIP = "comparison, line 2: value > limit -> value >= limit"


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A chapter of its own beside the course's, and a cache of its own."""
    root = tmp_path_factory.mktemp("course")
    checks = root / "checks"
    package = checks / CHAPTER
    filed = package / "answers" / "strict"
    filed.mkdir(parents=True)
    (root / "solutions").mkdir()
    (root / "solutions" / f"{CHAPTER}.py").write_text(SOLUTIONS)
    (package / "__init__.py").write_text(f"EXERCISES = {list(EXERCISES)!r}\n")
    for name, (calls, relative) in EXERCISES.items():
        text = CHECKS.format(chapter=CHAPTER, name=name, calls=calls, relative=relative)
        (package / f"{name}.py").write_text(text)
    for name, source in ANSWERS.items():
        (filed / f"{name}.py").write_text(source)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BEYOND_PANDAS_CACHE", str(root / "cache"))
        patch.setattr(autograder.checks, "__path__", [*autograder.checks.__path__, str(checks)])
        patch.setattr(assignments, "ROOT", root)
        for module in (course, answers, survivors):
            patch.setattr(module, "CHECKS", checks)
        importlib.invalidate_caches()
        yield package
    for name in [one for one in sys.modules if CHAPTER in one]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _by_id(name: str) -> dict[str, Fate]:
    return {one.id: one for one in fates(exercise(CHAPTER, name))}


def _said(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["author", *arguments])


def test_a_slip_that_a_weak_check_misses_survives_and_is_named(weak: Path) -> None:
    found = _by_id("loose")
    assert found[SLIP].fate == "survived"
    turned = found["comparison, line 2: value > limit -> value < limit"]
    assert turned.fate == "survived"  # 100 or so for 80: within the half that the check allows
    assert {one.fate for one in found.values()} == {"survived", "caught"}
    said = _said("mutants", f"{CHAPTER}.loose", "--diff")
    assert said.exit_code == 1
    assert SLIP in said.output
    assert "if value >= limit" in said.output


def test_the_same_slip_is_caught_by_a_check_that_looks(weak: Path) -> None:
    found = _by_id("strict")
    assert {one.fate for one in found.values()} == {"caught"}
    assert found[SLIP].tests == ("test_values",)
    said = _said("mutants", f"{CHAPTER}.strict", "--json")
    assert said.exit_code == 0
    (told,) = json.loads(said.stdout)
    assert (told["exercise"], told["rate"], told["sound"]) == (f"{CHAPTER}.strict", 1.0, True)


def test_a_mutant_that_never_ends_is_caught_in_a_few_seconds(weak: Path) -> None:
    endless = {one.id for one in _by_id("halves").values() if one.how == "time"}
    assert "statement, line 4: without number //= 2" in endless
    assert {one.fate for one in _by_id("halves").values()} == {"caught"}


def test_what_only_other_inputs_show_is_a_hint(weak: Path) -> None:
    slip = "left out, line 2: without .drop_duplicates()"
    found = _by_id("known")[slip]
    assert (found.fate, found.where) == ("unseen", "drawn-tiny with argument 1 duplicated-hidden")
    said = _said("mutants", f"{CHAPTER}.known")
    assert said.exit_code == 0  # a hint is no fault
    assert slip in said.output


def test_what_was_found_out_is_not_found_out_again(weak: Path) -> None:
    one = exercise(CHAPTER, "strict")
    first = fates(one)
    steps: list[str] = []
    assert fates(one, told=lambda text, done, whole: steps.append(text)) == first
    assert steps == []


def test_reasons_have_to_be_about_survivors(weak: Path) -> None:
    file = weak / "survivors.toml"
    one = exercise(CHAPTER, "loose")
    file.write_text(f"[loose]\n'{SLIP}' = 'near enough'\n'gone, line 9: a -> b' = 'once'\n")
    try:
        found = summary(one)
        assert SLIP not in {fate.id for fate in found.unexplained}
        assert found.stale == ["gone, line 9: a -> b"]
        assert not found.sound
        said = _said("mutants", f"{CHAPTER}.loose")
        assert "near enough" in said.output
        assert "accepts what is no survivor: gone, line 9" in said.output
        for wrong in ("[nowhere]\n", f"[loose]\n'{SLIP}' = ''\n", "[loose\n"):
            file.write_text(wrong)
            said = _said("mutants", f"{CHAPTER}.loose")
            assert said.exit_code == 2
            assert said.stderr.startswith("course: survivors.toml of")
            assert said.stderr.count("\n") == 1
    finally:
        file.unlink()


def test_coverage_names_what_is_not_caught_and_what_catches_nothing(weak: Path) -> None:
    found = coverage(exercise(CHAPTER, "strict"))
    problems = dict(found.problems)
    assert set(problems) == {"right_but_off", "wrong_that_is_right"}
    assert problems["right_but_off"].startswith("loses 8 points: fails test_values")
    assert problems["wrong_that_is_right"].startswith("is not caught")
    assert found.idle == ["test_that_catches_nothing"]
    assert found.caught_by["test_values"] == ("wrong_below",)
    said = _said("coverage", f"{CHAPTER}.strict")
    assert said.exit_code == 1
    assert "test_that_catches_nothing is failed by no wrong answer" in said.output
    (told,) = json.loads(_said("coverage", f"{CHAPTER}.strict", "--json").stdout)
    assert told["idle_checks"] == ["test_that_catches_nothing"]


@pytest.mark.parametrize("name", ["nowhere", "memory_wall.nothing", "nowhere.nothing"])
@pytest.mark.parametrize("tool", ["coverage", "mutants"])
def test_an_unknown_name_is_one_line_and_status_2(tool: str, name: str) -> None:
    said = _said(tool, name)
    assert said.exit_code == 2
    assert said.stderr.startswith("course: ") and said.stderr.count("\n") == 1
