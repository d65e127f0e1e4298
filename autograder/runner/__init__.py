"""The untrusted side: runs a notebook's cells, calls its answers, and writes what it saw.

This package is copied into the sandbox, so it imports the standard library, IPython, pandas,
numpy and pyarrow, and nothing else of the course.
"""

BESIDE = "BEYOND_PANDAS_BESIDE"  # what a run needs beside the notebook: "spark", "prefect"
STANDS_BY = "BEYOND_PANDAS_STANDS_BY"  # set where the request will come long after the start
