"""In SQL, with a left join."""


def revenue_by_home_city(orders, customers):
    orders.createOrReplaceTempView("paid")
    customers.createOrReplaceTempView("people")
    return orders.sparkSession.sql(
        """
        SELECT people.city AS home_city, count(*) AS orders, sum(amount_cents) AS revenue_cents
        FROM paid LEFT JOIN people ON paid.customer_id = people.customer_id
        GROUP BY people.city
        """
    )
