"""In SQL and lazily: the means are a frame of one row, joined to all others."""


def impute(train, test, columns):
    session = train.sparkSession
    train.createOrReplaceTempView("train_rows")
    means = ", ".join(f"avg(nanvl(`{c}`, NULL)) AS `mean {c}`" for c in columns)
    session.sql(f"SELECT {means} FROM train_rows").createOrReplaceTempView("means")

    def filled(frame):
        frame.createOrReplaceTempView("rows_to_fill")
        parts = [
            f"coalesce(nanvl(`{c}`, NULL), `mean {c}`) AS `{c}`" if c in columns else f"`{c}`"
            for c in frame.columns
        ]
        return session.sql(f"SELECT {', '.join(parts)} FROM rows_to_fill CROSS JOIN means")

    return filled(train), filled(test)
