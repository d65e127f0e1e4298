"""A view and a query over it."""


def label_baskets(orders):
    orders.createOrReplaceTempView("baskets")
    return orders.sparkSession.sql(
        """
        SELECT order_id,
               if(courier IS NULL, 'collected',
               if(coalesce(contains(note, '?'), false), 'question',
               if(coalesce(discount, 0) >= 0.3, 'bargain',
               if(items >= 10 AND amount_cents / items < 2000, 'bulk',
               if(amount_cents >= 50000, 'large', 'plain'))))) AS label
        FROM baskets
        """
    )
