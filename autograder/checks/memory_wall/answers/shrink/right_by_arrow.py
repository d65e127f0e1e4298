"""Arrow does it: dictionary columns, smaller integers, then pandas on Arrow types."""

import pandas as pd
import pyarrow as pa


def shrink(orders):
    table = pa.Table.from_pandas(orders, preserve_index=False)
    done = {}
    for name in table.column_names:
        column = table[name]
        if name in ("city", "status", "payment", "courier"):
            column = column.cast(pa.string()).dictionary_encode()
        elif name == "customer_id":
            column = column.cast(pa.int64()).cast(pa.int32())
        elif name in ("order_id", "items", "amount_cents"):
            for kind in (pa.int8(), pa.int16(), pa.int32()):
                try:
                    column = column.cast(kind)
                    break
                except pa.ArrowInvalid:
                    continue
        elif name == "tracking":
            column = column.cast(pa.string())
        done[name] = column
    frame = pa.table(done).to_pandas(
        types_mapper={
            pa.string(): pd.ArrowDtype(pa.string()),
            pa.int32(): pd.Int32Dtype(),
        }.get
    )
    return frame
