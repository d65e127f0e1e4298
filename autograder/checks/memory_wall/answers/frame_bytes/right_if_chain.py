"""One branch per dtype."""


def frame_bytes(schema, rows):
    total = 0
    for dtype in schema.values():
        if dtype.startswith("category"):
            many = int(dtype.split("[")[1].rstrip("]"))
            if many <= 126:
                code = 1
            elif many <= 32_766:
                code = 2
            else:
                code = 4
            total += rows * code + many * 8
        elif dtype in ("int8", "bool"):
            total += rows
        elif dtype == "int16":
            total += 2 * rows
        elif dtype in ("int32", "float32"):
            total += 4 * rows
        else:
            total += 8 * rows
    return total
