"""In SQL, with both conditions written out."""


def split_by_time(deliveries, cut):
    deliveries.createOrReplaceTempView("all_deliveries")
    session = deliveries.sparkSession
    train = session.sql(
        f"SELECT * FROM all_deliveries WHERE dispatched_at < TIMESTAMP '{cut}'",
    )
    test = session.sql(
        f"""
        SELECT * FROM all_deliveries
        WHERE dispatched_at >= TIMESTAMP '{cut}' OR dispatched_at IS NULL
        """
    )
    return train, test
