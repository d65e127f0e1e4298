"""The rows: the same everywhere, and as the data dictionary says."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shop
from shop.content import of_parquet
from shop.orders import COURIERS
from shop.rows import CHUNK_ROWS, chunk, plain
from shop.truth import truth
from shop.vocabulary import vocabulary

from tests.shop.running import Run

# Of every table at tiny, computed once. They change when the rows do, and only then: raise
# store.CONTENT with them.
FINGERPRINTS = {
    "customers": "04b20c00b349467c",
    "products": "633f642d8e4fae89",
    "orders": "54775102ef88cf18",
    "order_items": "20c69c9214e2c629",
    "clicks": "a1be69b3e2ebd502",
    "deliveries": "ff2f1220bb717dca",
}


@pytest.mark.parametrize("hash_seed", ["1", "77"])
def test_the_published_rows_are_the_same_everywhere(
    hash_seed: str, tmp_path: Path, run: Run
) -> None:
    code = "import shop\nfor t in shop.TABLES: print(t, shop.fingerprint(t, 'tiny')[:16])"
    done = run("-c", code, PYTHONHASHSEED=hash_seed, SHOP_DATA=str(tmp_path))
    assert dict(line.split() for line in done.stdout.splitlines()) == FINGERPRINTS


def test_another_seed_gives_other_rows() -> None:
    assert shop.fingerprint("orders", "tiny", seed=1) != shop.fingerprint("orders", "tiny", seed=2)


@pytest.mark.parametrize("table", [t for t in shop.TABLES if t not in {"products", "customers"}])
def test_a_chunk_alone_equals_its_part_of_the_file(table: str, tmp_path: Path) -> None:
    size = 2 * CHUNK_ROWS + 10
    pq.write_table(plain(chunk(table, size, 5, 1), table), tmp_path / "alone.parquet")
    with pq.ParquetFile(shop.path(table, size, seed=5)) as file:
        pq.write_table(file.read_row_group(1), tmp_path / "part.parquet")
    assert of_parquet(tmp_path / "alone.parquet") == of_parquet(tmp_path / "part.parquet")


def test_a_fingerprint_sees_one_changed_value_and_no_row_groups(tmp_path: Path) -> None:
    table = pq.read_table(shop.path("orders", "tiny"))
    pq.write_table(table, tmp_path / "cut.parquet", row_group_size=7, compression="none")
    assert of_parquet(tmp_path / "cut.parquet") == shop.fingerprint("orders", "tiny")
    gift = table["gift"].to_pylist()
    changed = table.set_column(11, "gift", pa.array([not gift[0], *gift[1:]]))
    pq.write_table(changed, tmp_path / "changed.parquet")
    assert of_parquet(tmp_path / "changed.parquet") != shop.fingerprint("orders", "tiny")


@pytest.mark.parametrize("table", shop.TABLES)
def test_files_have_the_described_columns_and_types(table: str) -> None:
    names = {"double": "float64", "timestamp[us, tz=UTC]": "timestamp[us, UTC]"}
    schema = pq.read_schema(shop.path(table, "small"))
    written = [(f.name, names.get(str(f.type), str(f.type))) for f in schema]
    described = shop.describe(table)
    assert written == list(zip(described["column"], described["type"], strict=True))


NULLS = {
    "customers": {"city": 0.02, "company": 0.85},
    "products": {},
    "orders": {"customer_id": 0.01, "city": 0.02, "courier": 0.06, "discount": 0.3, "note": 0.6},
    "order_items": {},
    "clicks": {"customer_id": 0.175, "product_id": 0.32, "seconds": 0.081},
    "deliveries": {
        "distance_km": 0.0195, "weight_g": 0.01, "delivered_at": 0.13, "hours": 0.13,
        "stars": 0.652, "review": 0.826,
    },
}  # fmt: skip


@pytest.mark.parametrize("table", shop.TABLES)
def test_nulls_are_as_described(table: str) -> None:
    found = shop.load(table, "small").isna().mean()
    for name, share in found.items():
        stated = NULLS[table].get(str(name), 0)
        assert share == pytest.approx(stated, rel=0.12, abs=1e-9), f"{name}: {share:.4f}"


def test_nulls_are_not_at_random() -> None:
    orders, clicks = shop.load("orders", "small"), shop.load("clicks", "small")
    without = orders[orders["city"].isna()]
    assert without["courier"].isna().all()
    assert without["items"].mean() < 0.8 * orders["items"].mean()
    unseen = clicks["seconds"].isna().groupby(clicks["device"]).mean()
    assert unseen["phone"] > 3 * unseen["desktop"]
    deliveries = shop.load("deliveries", "small")
    far = deliveries["distance_km"].isna().groupby(deliveries["courier"]).mean()
    assert far["Hermod"] > 10 * far["Postline"]


def test_keys_join_but_for_the_stated_shares() -> None:
    orders, customers = shop.load("orders", "small"), shop.load("customers", "small")
    products, items = shop.load("products", "small"), shop.load("order_items", "small")
    deliveries = shop.load("deliveries", "small")
    assert orders["order_id"].tolist() == list(range(1, 100_001))
    assert orders["tracking"].is_unique and set(orders["tracking"].str.len()) == {20}
    assert orders["note"].dropna().is_unique and customers["email"].is_unique
    assert orders["product_id"].isin(products["product_id"]).all()
    known = orders["customer_id"].dropna()
    assert (~known.isin(customers["customer_id"])).mean() == pytest.approx(0.01, rel=0.15)
    assert set(items["order_id"]) == set(orders["order_id"])
    further = items[items["line"] > 1]
    gone = ~further["product_id"].isin(products["product_id"])
    assert gone.mean() == pytest.approx(0.005, rel=0.3)
    lost = ~deliveries["order_id"].isin(orders["order_id"])
    assert lost.mean() == pytest.approx(0.005, rel=0.2)
    carried = orders.loc[orders["courier"].notna(), "order_id"]
    assert set(deliveries.loc[~lost, "order_id"]) <= set(carried)


def test_the_lines_of_an_order_add_up_to_it() -> None:
    orders, items = shop.load("orders", "small"), shop.load("order_items", "small")
    sums = items.groupby("order_id").agg(
        items=("quantity", "sum"), amount_cents=("amount_cents", "sum"), first=("line", "min")
    )
    assert sums["items"].tolist() == orders["items"].tolist()
    assert sums["amount_cents"].tolist() == orders["amount_cents"].tolist()
    assert items[items["line"] == 1]["product_id"].tolist() == orders["product_id"].tolist()
    lines = items.merge(orders[["order_id", "discount"]], on="order_id")
    off = (lines["discount"].fillna(0) * 100).round().astype(int)
    cents = (lines["quantity"] * lines["unit_price_cents"] * (100 - off) + 50) // 100
    assert (cents == lines["amount_cents"]).all()
    priced = items.merge(shop.load("products", "small"), on="product_id")
    assert (priced["unit_price_cents"] == priced["price_cents"]).all()


@pytest.mark.parametrize("size", ["tiny", "small"])
def test_float32_would_lose_cents_of_some_orders(size: str) -> None:
    cents = shop.load("orders", size, columns=["amount_cents"])["amount_cents"]
    assert (cents > 2**24).sum() == shop.SIZES[size] // 1000
    if size == "small":
        assert (cents.astype("float32").astype("int64") != cents).any()


def test_orders_and_customers_agree_about_who_is_a_business_and_where_they_live() -> None:
    orders = shop.load("orders", "small").merge(shop.load("customers", "small"), on="customer_id")
    both = orders.dropna(subset=["city_x", "city_y"])
    assert (both["city_x"] == both["city_y"]).mean() > 0.85
    items = orders.groupby("segment")["items"].mean()
    assert items["private"] < items["business"] and items["private"] < items["school"]
    assert (orders["since"] < orders["ordered_at"]).all()
    assert (orders["company"].isna() == (orders["segment"] == "private")).all()


def test_time_has_a_season_a_week_and_nearly_the_order_of_the_keys() -> None:
    when = shop.load("orders", "small", columns=["ordered_at"])["ordered_at"]
    months, days = when.dt.month.value_counts(), when.dt.dayofweek.value_counts()
    assert months[12] > 1.5 * months[2] and days[6] > 1.15 * days[5]
    assert when.dt.year.value_counts()[2025] > 1.1 * when.dt.year.value_counts()[2024]
    starts = when.iloc[::1000]
    assert starts.is_monotonic_increasing and not when.is_monotonic_increasing


def test_few_customers_and_one_bot_make_most_clicks() -> None:
    clicks = shop.load("clicks", "small")
    counts = clicks["customer_id"].value_counts()
    bot = counts.index[0]
    assert counts.iloc[0] / len(clicks) == pytest.approx(0.30, abs=0.02)
    assert (clicks.loc[clicks["customer_id"] == bot, "device"] == "bot").mean() > 0.95
    people = counts.iloc[1:]
    assert people.head(len(people) // 100).sum() > 0.4 * people.sum()
    best = shop.load("orders", "small")["customer_id"].value_counts(normalize=True).iloc[0]
    assert best == pytest.approx(np.log(2) / np.log(10_001), rel=0.05)  # Zipf with exponent 1


def test_clicks_come_in_visits_late_and_twice() -> None:
    clicks = shop.load("clicks", "small")
    assert clicks.duplicated().mean() == pytest.approx(0.01, rel=0.1)
    assert (clicks.drop_duplicates()["click_id"]).is_unique
    seconds = clicks[["clicked_at", "received_at"]].astype("int64") / 1e6
    late = seconds["received_at"] - seconds["clicked_at"]
    assert (late >= 0).all() and (late > 3600).mean() == pytest.approx(0.02, rel=0.1)
    visits = seconds.assign(click_id=clicks["click_id"]).drop_duplicates()
    gaps = visits.sort_values("click_id")["clicked_at"].diff()
    assert gaps.between(2, 301).mean() > 0.5


def test_a_delivery_takes_what_its_features_say() -> None:
    """Ordinary least squares finds the coefficients that made the data, and the noise."""
    seed = 5
    true = truth(seed)
    rows = shop.load("deliveries", "small", seed=seed).dropna(
        subset=["distance_km", "weight_g", "hours"]
    )
    start = rows["dispatched_at"].dt.dayofweek >= 5
    known = pd.DataFrame({"base": 1.0, "km": rows["distance_km"] / 100})
    known["kg"], known["express"] = rows["weight_g"] / 1000, rows["express"].astype(float)
    known["weekend"] = start.astype(float)
    for name in COURIERS[1:]:
        known[name] = (rows["courier"] == name).astype(float)
    features = known.to_numpy()
    found, *_ = np.linalg.lstsq(features, rows["hours"].to_numpy(), rcond=None)
    wanted = [true.base, true.per_100_km, true.per_kg, true.express, true.weekend]
    wanted += [true.courier[name] for name in COURIERS[1:]]
    assert found == pytest.approx(wanted, abs=0.1)
    left = rows["hours"].to_numpy() - features @ found
    assert left.std() == pytest.approx(1.5, rel=0.03)
    took = (rows["delivered_at"] - rows["dispatched_at"]).dt.total_seconds() / 3600
    assert np.allclose(took, rows["hours"])
    assert truth(6) != true


def test_the_truth_is_not_among_the_modules_that_a_run_gets() -> None:
    names = {path.stem for path in shop.reading_modules()}
    assert names == {"__init__", "catalogue", "errors", "reading"}


def test_words_are_many_and_none_reads_as_null() -> None:
    customers, orders = shop.load("customers", "small"), shop.load("orders", "small")
    assert 240 <= customers["city"].nunique() <= 252
    assert set(orders["city"].dropna()) <= set(vocabulary(shop.SEED).cities)
    assert customers["city"].dropna().str.contains("[łńóöäåáñč]").any()
    assert orders["note"].dropna().str.contains("[👍🎁🎉]").any()
    assert not orders["note"].dropna().str.contains('[\n"]').any()


@pytest.mark.parametrize("table", [table for table in shop.TABLES if table != "clicks"])
def test_csv_and_parquet_hold_the_same(table: str) -> None:
    parquet = shop.load(table, "tiny")
    times = [str(name) for name in parquet if str(parquet[name].dtype).startswith("datetime")]
    file = shop.path(table, "tiny", format="csv")
    csv = pd.read_csv(file, parse_dates=times)
    for name in times:
        csv[name] = csv[name].dt.as_unit("us")
        assert csv[name].equals(parquet[name])
    left, right = (one.astype(object).where(one.notna(), "") for one in (csv, parquet))
    pd.testing.assert_frame_equal(left, right)


def test_a_few_lines_of_the_clicks_csv_are_broken_and_the_rest_is_whole() -> None:
    lines = shop.path("clicks", "small", format="csv").read_bytes().decode().splitlines()
    good = [line for line in lines[1:] if line.count('"') % 2 == 0 and line[0].isdigit()]
    clicks = shop.load("clicks", "small")
    assert len(lines) == len(clicks) + 1
    rows = list(csv.reader(lines[1:]))
    broken = [row for row in rows if len(row) != 9 or not row[0].isdigit()]
    assert len(broken) == pytest.approx(300, rel=0.3)
    assert {len(row) == 9 for row in broken} == {True, False}
    assert len(good) > 0.99 * len(clicks)


@pytest.mark.parametrize("table", ["orders", "clicks", "deliveries"])
def test_the_daily_form_holds_each_days_rows(table: str) -> None:
    folder = shop.path(table, "tiny", format="daily")
    column = {"orders": "ordered_at", "clicks": "clicked_at", "deliveries": "dispatched_at"}[table]
    frames = []
    for day in folder.iterdir():
        frame = pd.read_parquet(day)
        assert (frame[column].dt.strftime("day=%Y-%m-%d") == day.name).all()
        frames.append(frame)
    joined = pd.concat(frames).sort_values([column, frames[0].columns[0]], ignore_index=True)
    whole = shop.load(table, "tiny").sort_values([column, frames[0].columns[0]], ignore_index=True)
    pd.testing.assert_frame_equal(joined[whole.columns], whole, check_dtype=False)


def test_columns_come_in_the_order_asked_for() -> None:
    assert list(shop.load("orders", "tiny", columns=["items", "city"])) == ["items", "city"]


def test_any_number_of_orders_is_a_size() -> None:
    assert len(shop.load("orders", 1_234)) == 1_234
    assert shop.path("orders", 1_000) == shop.path("orders", "tiny")
