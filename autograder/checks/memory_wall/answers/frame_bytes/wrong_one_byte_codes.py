"""A category's codes are taken for one byte each, however many categories there are. One byte tells at
most 126 of them apart; then codes take two bytes, and above 32,766 categories four."""

FAILS = ["test_categories"]
WIDTH = {"int8": 1, "bool": 1, "int16": 2, "int32": 4, "float32": 4}


def frame_bytes(schema, rows):
    total = 0
    for dtype in schema.values():
        if dtype.startswith("category"):
            total += rows + 8 * int(dtype[len("category[") : -1])
        else:
            total += rows * WIDTH.get(dtype, 8)
    return total
