"""Spark's own daemon of Python workers, with less to look through after each task.

A worker collects garbage after every task. It goes through all that its imports made each time,
which takes longer than a small task itself; what is frozen here, before the workers are forked,
is left out.
"""

import gc

from pyspark import daemon

if __name__ == "__main__":
    gc.freeze()
    daemon.manager()
