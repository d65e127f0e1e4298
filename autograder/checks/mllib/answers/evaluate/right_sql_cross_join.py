"""One statement in SQL, the mean of train as a frame of one row."""


def evaluate(model, train, test):
    rows = model.transform(test)
    found = rows.sparkSession.sql(
        """
        SELECT sqrt(avg(pow(prediction - hours, 2))) AS rmse,
               avg(abs(prediction - hours)) AS mae,
               sqrt(avg(pow(usual - hours, 2))) AS baseline_rmse
        FROM {rows} CROSS JOIN (SELECT avg(hours) AS usual FROM {train})
        WHERE hours IS NOT NULL
        """,
        rows=rows,
        train=train,
    )
    return found.collect()[0].asDict()
