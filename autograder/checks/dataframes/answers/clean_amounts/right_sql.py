"""In SQL, with try_cast and null-safe comparison."""


def clean_amounts(raw):
    raw.createOrReplaceTempView("raw_orders")
    return raw.sparkSession.sql(
        """
        SELECT order_id,
               try_cast(amount AS decimal(12, 2)) AS amount,
               amount IS NOT NULL AND try_cast(amount AS decimal(12, 2)) IS NULL AS bad,
               CASE WHEN isnan(discount) THEN NULL ELSE discount END AS discount
        FROM raw_orders
        WHERE NOT (status <=> 'cancelled')
        """
    )
