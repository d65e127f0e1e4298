"""With match and case."""


def starts_work(steps):
    found = []
    for step in steps:
        match step:
            case {"do": "count" | "collect" | "take" | "show" | "isEmpty" | "toPandas" | "write"}:
                found.append(True)
            case {"do": "read.parquet" | "read.csv", "schema": given}:
                found.append(not given)
            case {"do": "pivot", "values": given} | {"do": "rdd.toDF", "types": given}:
                found.append(not given)
            case {"do": "localCheckpoint", "eager": eager}:
                found.append(eager)
            case {"do": "rdd.sortBy", "into": into}:
                found.append(into != 1)
            case _:
                found.append(False)
    return found
