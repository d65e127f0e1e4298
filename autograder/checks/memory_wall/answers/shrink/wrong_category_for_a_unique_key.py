"""tracking is different in every row. As a category it is stored once per row all the same, and a code is
added to each: the column grows. Categories pay where few values repeat; for the rest use
'string[pyarrow]'."""

import pandas as pd

FAILS = ["test_size"]


def shrink(orders):
    small = orders.assign(customer_id=orders["customer_id"].astype("Int32"))
    for name in ("order_id", "items", "amount_cents"):
        small[name] = pd.to_numeric(small[name], downcast="integer")
    for name in ("city", "status", "payment", "courier", "tracking"):
        small[name] = small[name].astype("category")
    return small


SIGN = r"tracking.*category|category.*tracking|select_dtypes|\"tracking\"\):"
