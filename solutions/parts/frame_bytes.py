# %% [markdown] exercise="frame_bytes"
# The shop wants to know what a table will weigh in memory before anyone loads it.
#
# Complete `frame_bytes(schema, rows)`. It returns the bytes that the columns of a pandas frame with `rows`
# rows will take, without the index, as an `int`.
#
# - `schema` maps column names to dtypes: `int8`, `int16`, `int32`, `int64`, `float32`, `float64`, `bool`,
#   `datetime64[ns]`, or `category[n]`.
# - `category[n]` is a category column with `n` different values, all of them 8-byte integers. Count the
#   codes and the categories. Being within 10 % is enough, for pandas keeps a little more besides.
# - An empty schema weighs nothing. With no rows, a category column still keeps its categories.
#
# The frame may have a billion rows, so compute the size; do not build the frame. The function may add at most
# 40 MiB of memory.

# %% answer="frame_bytes"
def frame_bytes(schema: dict[str, str], rows: int) -> int:
    """Bytes of a frame's columns, from their dtypes and the number of rows."""
    width = {"bool": 1, "datetime64[ns]": 8}
    total = 0
    for dtype in schema.values():
        if dtype.startswith("category"):
            categories = int(dtype.removeprefix("category[").removesuffix("]"))
            ### BEGIN SOLUTION
            code = 1 if categories <= 126 else 2 if categories <= 32_766 else 4
            total += rows * code + categories * 8
            ### END SOLUTION
        elif dtype in width:
            total += rows * width[dtype]
        else:
            ### BEGIN SOLUTION
            bits = int("".join(letter for letter in dtype if letter.isdigit()))
            total += rows * bits // 8
            ### END SOLUTION
    return total
