"""toPandas starts a job and brings every order into the driver, where pandas does the work. Return
the Spark frame that the steps give: the orders stay with the executors."""

FAILS = ["test_no_job"]
SIGN = r"toPandas"


def first_answer(orders):
    frame = orders.toPandas().dropna(subset=["city"])
    counted = frame.groupby("city").size().reset_index(name="orders")
    return orders.sparkSession.createDataFrame(counted, "city string, orders long")
