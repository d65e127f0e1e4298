"""Changes a program in one place at a time: the slips that an answer may have.

A mutant is the source of a program with one slip in it. Which slips there are stands in
`OPERATORS`, each with the function that makes them out of one node of the syntax tree. Types,
docstrings and imports are left alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from autograder.authoring import slips
from autograder.course import SYNTAX

LONGEST_CHANGE = 90  # letters of a change in a mutant's name

Step = tuple[str, int | None]  # a field of a node, and the place in it where it is a list
Change = tuple[ast.AST, str]  # what stands in the node's place, and how that is called
Operator = Callable[[ast.AST, Sequence[ast.AST]], Iterator[Change]]


@dataclass(frozen=True)
class Mutant:
    """A program with one slip.

    `id` is "operator, line: change", where the line is counted in the source that it was made of.
    """

    id: str
    operator: str
    line: int
    change: str
    source: str


def _text(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())


def _changed(node: ast.AST, new: ast.AST) -> Change:
    return new, f"{_text(node)} -> {_text(ast.fix_missing_locations(new))}"


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy of `node` with other fields."""
    new = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _without(items: Sequence[ast.AST | None], position: int) -> list[ast.AST | None]:
    return [copy.deepcopy(item) for number, item in enumerate(items) if number != position]


def _called(node: ast.AST) -> str:
    """The last part of the name that a call names: "sum" of `F.sum(...)` and of `sum(...)`."""
    function = getattr(node, "func", None)
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _inside_call(parents: Sequence[ast.AST], names: set[str]) -> bool:
    """Whether the node is an argument, at any depth, of a call with one of these names."""
    return any(isinstance(one, ast.Call) and _called(one) in names for one in parents)


def _keyword(parents: Sequence[ast.AST]) -> str:
    """The keyword whose value this node is or belongs to, else ""."""
    for parent in reversed(parents):
        if isinstance(parent, ast.keyword):
            return parent.arg or ""
        if isinstance(parent, (ast.Call, ast.stmt)):
            return ""
    return ""


def _renamed(node: ast.AST, table: dict[str, tuple[str, ...]]) -> Iterator[Change]:
    """A call with another name."""
    if not isinstance(node, ast.Call):
        return
    for name in table.get(_called(node), ()):
        field = "attr" if isinstance(node.func, ast.Attribute) else "id"
        change = f"{_called(node)}() -> {name}()"
        yield _with(node, func=_with(node.func, **{field: name})), change


def _texts(node: ast.AST, table: dict[str, tuple[str, ...]]) -> Iterator[Change]:
    """A text with other letters."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for text in table.get(node.value, ()):
            yield _changed(node, ast.Constant(text))


def comparison(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            for other in slips.COMPARISONS.get(type(operator), ()):
                changed = [*node.ops[:place], other(), *node.ops[place + 1 :]]
                yield _changed(node, _with(node, ops=changed))


def arithmetic(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        for other in slips.ARITHMETIC.get(type(node.op), ()):
            yield _changed(node, _with(node, op=other()))
    if isinstance(node, ast.AugAssign):  # only the last round of a loop counts
        yield _changed(node, ast.Assign([copy.deepcopy(node.target)], copy.deepcopy(node.value)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Invert)):
        yield _changed(node, copy.deepcopy(node.operand))


def aggregation(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    yield from _renamed(node, slips.AGGREGATIONS)
    if _inside_call(parents, slips.AGGREGATING_CALLS):
        yield from _texts(node, slips.AGGREGATIONS)


def method(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    yield from _renamed(node, slips.METHODS)


def join_type(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    joined = _inside_call(parents[-2:], slips.JOINING_CALLS)
    if joined or _keyword(parents) in {"how", "join"}:
        yield from _texts(node, slips.JOIN_TYPES)
    if not isinstance(node, ast.Call) or _called(node) not in {"merge", "join"}:
        return
    words = {one.arg for one in node.keywords}
    of_text = isinstance(node.func, ast.Attribute) and isinstance(
        node.func.value, (ast.Constant, ast.JoinedStr)
    )
    stated = any(isinstance(a, ast.Constant) and a.value in slips.JOIN_TYPES for a in node.args)
    if "how" in words or stated or of_text:
        return
    for how in ("left", "right", "outer") if _called(node) == "merge" else ("left", "inner"):
        more = [*copy.deepcopy(node.keywords), ast.keyword("how", ast.Constant(how))]
        yield _with(node, keywords=more), f"{_called(node)}() -> how={how!r}"


def flag(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """True and False, and words of a keyword such as `keep="first"`."""
    word = _keyword(parents)
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        name = f"{word}=" if word else ""
        yield ast.Constant(not node.value), f"{name}{node.value} -> {not node.value}"
    if word in slips.WORDS:
        yield from _texts(node, slips.WORDS[word])


def dtype(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    yield from _texts(node, slips.DTYPES)
    yield from _renamed(node, {k: v for k, v in slips.DTYPES.items() if k.endswith("Type")})


def constant(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """Whole numbers off by one."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for value in (node.value + 1, node.value - 1):
            yield _changed(node, ast.Constant(value))


def bound(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """Ends of slices, and how many of `head(n)`, off by one; numbers are `constant`'s."""
    one = ast.Constant(1)

    def moved(end: ast.expr) -> Iterator[ast.expr]:
        if not isinstance(end, ast.Constant):
            for way in (ast.Add(), ast.Sub()):
                yield ast.BinOp(copy.deepcopy(end), way, one)

    if isinstance(node, ast.Slice):
        for field in ("lower", "upper"):
            end = getattr(node, field)
            for new in moved(end) if end is not None else ():
                yield _changed(node, _with(node, **{field: new}))
    if isinstance(node, ast.Call) and _called(node) in slips.BOUNDING_CALLS and node.args:
        for new in moved(node.args[-1]):
            args = [*copy.deepcopy(node.args[:-1]), new]
            yield _with(node, args=args), f"{_called(node)}({_text(node.args[-1])}) -> {_text(new)}"


def condition(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """`and` for `or`, one of two conditions forgotten, a condition turned round."""
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _changed(node, _with(node, op=other))
        for place in range(len(node.values)):
            left = _without(node.values, place)
            new = left[0] if len(left) == 1 else _with(node, values=left)
            assert new is not None
            yield _changed(node, new)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _changed(node, copy.deepcopy(node.operand))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)):
        new_test = ast.UnaryOp(ast.Not(), copy.deepcopy(node.test))
        yield _with(node, test=new_test), f"{_text(node.test)} -> {_text(new_test)}"
    if isinstance(node, ast.comprehension):
        for place, test in enumerate(node.ifs):
            turned = [*node.ifs[:place], ast.UnaryOp(ast.Not(), test), *node.ifs[place + 1 :]]
            yield _with(node, ifs=turned), f"if {_text(test)} -> if not"
            yield _with(node, ifs=_without(node.ifs, place)), f"without if {_text(test)}"


def left_out(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """A call that is missing from a chain, or around a value."""
    if not isinstance(node, ast.Call):
        return
    name = _called(node)
    arguments = ", ".join(_text(one) for one in (*node.args, *node.keywords))
    if isinstance(node.func, ast.Attribute) and name in slips.LEFT_OUT:
        yield copy.deepcopy(node.func.value), f"without .{name}({arguments})"
    if name in slips.PEELED and node.args:
        yield copy.deepcopy(node.args[0]), f"without {name}({arguments})"


def keyword(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """A keyword that is missing, so that its default holds."""
    if isinstance(node, ast.Call):
        for place, word in enumerate(node.keywords):
            if word.arg is not None:
                keywords = _without(node.keywords, place)
                yield _with(node, keywords=keywords), f"{_called(node)}() without {_text(word)}"


def element(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """One of several that is missing from a list, a tuple, a set or a dictionary."""
    if isinstance(parents[-1], ast.keyword) and _called(parents[-2]) in slips.AGGREGATING_CALLS:
        return  # (column, function), which pandas takes as a pair only
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and len(node.elts) > 1:
        stored = isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))
        for place in () if stored else range(len(node.elts)):
            yield _changed(node, _with(node, elts=_without(node.elts, place)))
    if isinstance(node, ast.Dict) and len(node.keys) > 1:
        for place, key in enumerate(node.keys):
            keys, values = _without(node.keys, place), _without(node.values, place)
            name = _text(key) if key else "**"
            yield _with(node, keys=keys, values=values), f"dictionary without {name}"


def statement(node: ast.AST, parents: Sequence[ast.AST]) -> Iterator[Change]:
    """A statement that is missing."""
    kinds = (ast.Expr, ast.AugAssign, ast.If, ast.For, ast.While, ast.Break, ast.Continue,
             ast.Raise, ast.Assert, ast.Delete)  # fmt: skip
    if isinstance(node, kinds) or (
        isinstance(node, ast.Assign) and _is_bound_elsewhere(node, parents)
    ):
        first_line = ast.unparse(node).splitlines()[0]
        yield ast.Pass(), f"without {first_line}"


def _is_bound_elsewhere(node: ast.Assign, parents: Sequence[ast.AST]) -> bool:
    """Whether without `node` its names would still be known; else each use of them would raise."""
    names = {one.id for target in node.targets for one in ast.walk(target)
             if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}  # fmt: skip
    if not names:
        return True  # an item or an attribute of something
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    around = [one for one in parents if isinstance(one, functions)]
    scope = around[-1] if around else parents[0]
    others = {
        getattr(one, "id", getattr(one, "arg", ""))
        for one in ast.walk(scope)
        if (isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
        or isinstance(one, ast.arg)
        if one not in set(ast.walk(node))
    }
    return names <= others


OPERATORS: dict[str, Operator] = {
    "comparison": comparison,
    "arithmetic": arithmetic,
    "aggregation": aggregation,
    "method": method,
    "join type": join_type,
    "flag": flag,
    "dtype": dtype,
    "constant": constant,
    "bound": bound,
    "condition": condition,
    "left out": left_out,
    "keyword": keyword,
    "element": element,
    "statement": statement,
}

_LEFT_ALONE = {"annotation", "returns", "type_params", "type_comment", "format_spec"}


def _nodes(
    node: ast.AST, path: tuple[Step, ...] = (), parents: tuple[ast.AST, ...] = ()
) -> Iterator[tuple[ast.AST, tuple[Step, ...], tuple[ast.AST, ...]]]:
    """All nodes that may be changed, each with the way to it and the nodes above it."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    yield node, path, parents
    for field, value in ast.iter_fields(node):
        if field in _LEFT_ALONE:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield from _nodes(child, (*path, (field, place)), (*parents, node))


def _replaced(tree: ast.AST, path: tuple[Step, ...], new: ast.AST) -> str:
    """The source of `tree` with `new` at the end of `path`."""
    tree = copy.deepcopy(tree)
    node: ast.AST = tree
    for field, place in path[:-1]:
        value = getattr(node, field)
        node = value if place is None else value[place]
    field, place = path[-1]
    if place is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[place] = new
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_program(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def mutants(source: str) -> list[Mutant]:
    """All mutants of a program, in the order of its lines; of equal ones the first.

    Raises:
        SyntaxError: `source` is not a program.
    """
    with SYNTAX:
        tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    made: list[tuple[int, int, int, str, str, str]] = []
    for node, path, parents in _nodes(tree):
        if not path:
            continue
        placed = node if hasattr(node, "lineno") else parents[-1]
        line, column = getattr(placed, "lineno", 0), getattr(placed, "col_offset", 0)
        for rank, (name, operator) in enumerate(OPERATORS.items()):
            for new, change in operator(node, parents):
                made.append((line, column, rank, name, change, _replaced(tree, path, new)))
    found: list[Mutant] = []
    named: dict[str, int] = {}
    for line, _, _, name, change, text in sorted(made, key=lambda one: one[:3]):
        if text in seen or not _is_program(text):
            continue
        seen.add(text)
        if len(change) > LONGEST_CHANGE:
            half = LONGEST_CHANGE // 2 - 2
            change = f"{change[:half]} ... {change[-half:]}"
        id = f"{name}, line {line}: {change}"
        named[id] = named.get(id, 0) + 1
        if named[id] > 1:
            id = f"{id} (no. {named[id]})"
        found.append(Mutant(id, name, line, change, text))
    return found
