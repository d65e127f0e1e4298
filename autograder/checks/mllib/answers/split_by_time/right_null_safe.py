"""The cut as a Python time; a row without a time counts as one of the far future."""

import datetime

from pyspark.sql import functions as F


def split_by_time(deliveries, cut):
    never = datetime.datetime(9999, 1, 1)
    moment = F.coalesce("dispatched_at", F.lit(never).cast("timestamp"))
    at = datetime.datetime.fromisoformat(cut)
    return deliveries.filter(moment < at), deliveries.filter(moment >= at)
