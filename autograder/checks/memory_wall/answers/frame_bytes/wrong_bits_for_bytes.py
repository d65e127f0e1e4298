"""The number in a dtype's name counts bits. Divide it by 8 to get bytes."""

FAILS = ["test_fixed_width", "test_categories", "test_no_rows"]


def frame_bytes(schema, rows):
    total = 0
    for dtype in schema.values():
        if dtype == "bool":
            total += rows * 8
        else:
            total += rows * int("".join(ch for ch in dtype.split("[")[0] if ch.isdigit()) or 8)
    return total
