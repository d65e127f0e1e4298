"""What can be mistaken for what: names of operations that are easily confused.

Each table maps a name as it stands in a program to the names that it is changed into. pandas and
Spark stand side by side, since a chapter may use either or both.
"""

from __future__ import annotations

import ast

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}

ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitXor: (ast.BitOr,),
    ast.LShift: (ast.RShift,),
    ast.RShift: (ast.LShift,),
}

# As a method, a function, or the name of one in quotes.
AGGREGATIONS: dict[str, tuple[str, ...]] = {
    "sum": ("mean", "max"),
    "mean": ("median", "sum"),
    "avg": ("max", "sum"),
    "median": ("mean",),
    "max": ("min",),
    "min": ("max",),
    "count": ("nunique", "sum"),
    "size": ("count", "nunique"),
    "nunique": ("count", "size"),
    "first": ("last", "max"),
    "last": ("first", "min"),
    "std": ("var",),
    "var": ("std",),
    "stddev": ("variance",),
    "any": ("all",),
    "all": ("any",),
    "countDistinct": ("count",),
    "count_distinct": ("count",),
    "sumDistinct": ("sum",),
    "sum_distinct": ("sum",),
    "approx_count_distinct": ("count",),
    "collect_list": ("collect_set",),
    "collect_set": ("collect_list",),
}
AGGREGATING_CALLS = {"agg", "aggregate", "transform", "apply", "pivot_table", "groupby", "crosstab"}

METHODS: dict[str, tuple[str, ...]] = {
    "add": ("sub",),
    "sub": ("add",),
    "subtract": ("union",),
    "mul": ("div",),
    "div": ("mul",),
    "intersection": ("union",),
    "union": ("intersection", "intersect"),
    "unionByName": ("intersect",),
    "intersect": ("union",),
    "difference": ("union",),
    "isna": ("notna",),
    "notna": ("isna",),
    "isnull": ("notnull",),
    "notnull": ("isnull",),
    "isNull": ("isNotNull",),
    "isNotNull": ("isNull",),
    "asc": ("desc",),
    "desc": ("asc",),
    "head": ("tail",),
    "tail": ("head",),
    "nlargest": ("nsmallest",),
    "nsmallest": ("nlargest",),
    "idxmax": ("idxmin",),
    "idxmin": ("idxmax",),
    "lead": ("lag",),
    "lag": ("lead",),
    "ffill": ("bfill",),
    "bfill": ("ffill",),
    "rank": ("dense_rank", "row_number"),
    "dense_rank": ("rank", "row_number"),
    "row_number": ("rank", "dense_rank"),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "floor": ("ceil",),
    "ceil": ("floor",),
    "lower": ("upper",),
    "upper": ("lower",),
    "groupByKey": ("distinct",),
    "map": ("flatMap",),
    "flatMap": ("map",),
    "append": ("extend",),
}

JOIN_TYPES = {
    "inner": ("left", "outer"),
    "left": ("inner", "right", "outer"),
    "right": ("inner", "left", "outer"),
    "outer": ("inner", "left", "right"),
    "full": ("inner", "left", "right"),
    "full_outer": ("inner", "left", "right"),
    "left_outer": ("inner", "right"),
    "right_outer": ("inner", "left"),
    "leftouter": ("inner", "right"),
    "left_semi": ("left_anti", "inner"),
    "leftsemi": ("leftanti", "inner"),
    "semi": ("anti", "inner"),
    "left_anti": ("left_semi",),
    "leftanti": ("leftsemi",),
    "anti": ("semi",),
    "cross": ("inner",),
}
JOINING_CALLS = {"merge", "join", "concat", "align", "merge_asof", "merge_ordered", "crossJoin"}

WORDS: dict[str, dict[str, tuple[str, ...]]] = {  # what a keyword can say
    "keep": {"first": ("last",), "last": ("first",)},
    "direction": {"backward": ("forward",), "forward": ("backward",)},
    "method": {"first": ("min",), "min": ("max", "dense"), "dense": ("min",), "max": ("min",)},
    "closed": {"left": ("right",), "right": ("left",), "both": ("left",), "neither": ("both",)},
    "label": {"left": ("right",), "right": ("left",)},
    "mode": {"overwrite": ("append",), "append": ("overwrite",)},
}

DTYPES: dict[str, tuple[str, ...]] = {
    "int64": ("int32", "float64"),
    "int32": ("int16",),
    "int16": ("int8",),
    "uint64": ("uint32",),
    "uint32": ("uint16",),
    "uint16": ("uint8",),
    "Int64": ("Int32",),
    "Int32": ("Int16",),
    "Int16": ("Int8",),
    "float64": ("float32", "int64"),
    "float32": ("float16",),
    "Float64": ("Float32",),
    "category": ("object",),
    "string[pyarrow]": ("object",),
    "string": ("object",),
    "object": ("category",),
    "datetime64[ns]": ("datetime64[s]",),
    "bigint": ("int",),
    "long": ("int",),
    "int": ("smallint",),
    "double": ("float",),
    "float": ("int",),
    "integer": ("signed",),
    "timestamp": ("date",),
    # as Spark's and Python's names of types
    "LongType": ("IntegerType",),
    "IntegerType": ("ShortType",),
    "DoubleType": ("FloatType",),
    "TimestampType": ("DateType",),
}

# Calls that a hurried author of an answer leaves out: `x.name(...)` becomes `x`.
LEFT_OUT = {
    "abs", "alias", "as_ordered", "asfreq", "astype", "bfill", "cast", "clip", "coalesce",
    "collect", "copy", "cumsum", "desc", "diff", "distinct", "drop", "dropDuplicates",
    "drop_duplicates", "dropna", "explode", "ffill", "fillna", "filter", "floor", "head", "limit",
    "lower", "nlargest", "nsmallest", "orderBy", "over", "partitionBy", "query", "reindex",
    "rename", "rename_axis", "reset_index", "round", "set_index", "shift", "sort", "sort_index",
    "sort_values", "stack", "strip", "subtract", "tail", "unique", "unstack", "upper", "where",
    "withColumnRenamed", "withWatermark",
}  # fmt: skip
# And functions around a value: `name(x, ...)` or `F.name(x, ...)` becomes `x`.
PEELED = {
    "abs", "broadcast", "ceil", "coalesce", "desc", "floor", "frozenset", "int", "list", "lower",
    "reversed", "round", "set", "sorted", "to_datetime", "to_numeric", "trim", "trunc", "upper",
}  # fmt: skip

# Calls whose last plain argument says how many, or where to stop.
BOUNDING_CALLS = {
    "head", "tail", "limit", "nlargest", "nsmallest", "range", "arange", "take", "islice", "lag",
    "lead", "shift", "rowsBetween", "rangeBetween", "top", "between",
}  # fmt: skip
