"""A query in SQL."""


def first_answer(orders):
    orders.createOrReplaceTempView("the_orders")
    return orders.sparkSession.sql(
        "select city, count(*) as orders from the_orders where city is not null group by city"
    )
