"""The codes are counted and the categories are not. Each category is stored once, beside the codes, and
with many categories that is no small part."""

FAILS = ["test_categories", "test_no_rows"]
WIDTH = {"int8": 1, "bool": 1, "int16": 2, "int32": 4, "float32": 4}


def frame_bytes(schema, rows):
    total = 0
    for dtype in schema.values():
        if dtype.startswith("category"):
            many = int(dtype[len("category[") : -1])
            total += rows * (1 if many <= 126 else 2 if many <= 32_766 else 4)
        else:
            total += rows * WIDTH.get(dtype, 8)
    return total
