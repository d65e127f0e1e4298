"""The shop's data: the same everywhere, as its dictionary says, and never half made."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shop
from shop import chunks, making, tables

DATASETS = Path(shop.__file__).parent.parent
# Of customers, products and orders at tiny.
FINGERPRINTS = ["17eadb9f910abeac", "87e8ee8d877ed3a1", "4ea24eae1c366f70"]


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOP_DATA", str(folder))
        patch.delenv("SHOP_PREPARED", raising=False)
        yield folder


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shop", *words],
        capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(DATASETS), **environment},
    )  # fmt: skip


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_seed_gives_the_same_rows_on_every_machine(hash_seed: str) -> None:
    """These were computed once. They change when the data changes, and only then."""
    code = (
        "from shop import TABLES, making\n"
        "print(*[making.fingerprint(table, 'tiny') for table in TABLES])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120,
        env={**os.environ, "PYTHONPATH": str(DATASETS), "PYTHONHASHSEED": hash_seed},
    )  # fmt: skip
    assert done.stdout.split() == FINGERPRINTS


def test_another_seed_gives_other_rows() -> None:
    assert making.fingerprint("orders", "tiny", 1) != making.fingerprint("orders", "tiny", 2)


def test_a_chunk_depends_on_its_number_alone() -> None:
    """Made alone, or after others, a chunk holds the same rows as the file at its place."""
    second = chunks.chunk("customers", 2_000_000, 5, 1)
    chunks.chunk("customers", 2_000_000, 5, 0)
    assert chunks.chunk("customers", 2_000_000, 5, 1).equals(second)
    assert second["customer_id"][0].as_py() == tables.CHUNK_ROWS + 1


@pytest.mark.parametrize("table", shop.TABLES)
def test_a_table_is_as_its_dictionary_says(table: str) -> None:
    listed = shop.describe(table)
    schema = pq.read_schema(shop.path(table, "small"))
    assert list(listed["column"]) == schema.names
    for name, kind in zip(listed["column"], listed["type"], strict=True):
        assert str(schema.field(name).type).lower().replace(" ", "") in {
            kind.lower().replace(" ", ""), "int64" if kind == "Int64" else "",
            "timestamp[us,tz=utc]" if kind.startswith("timestamp") else "",
            "double" if kind == "float64" else "",
        }  # fmt: skip


def test_orders_have_the_nulls_and_keys_that_are_stated() -> None:
    orders, customers = shop.load("orders", "small"), shop.load("customers", "small")
    assert orders["order_id"].is_unique and orders["tracking"].is_unique
    assert orders["city"].isna().mean() == pytest.approx(tables.CITY_NULLS, rel=0.1)
    assert orders["customer_id"].isna().mean() == pytest.approx(tables.GUESTS, rel=0.15)
    assert orders["discount"].isna().mean() == pytest.approx(tables.DISCOUNT_NULLS, rel=0.05)
    assert orders["note"].isna().mean() == pytest.approx(tables.NOTE_NULLS, rel=0.05)
    assert orders["courier"].isna().mean() == pytest.approx(tables.COLLECTED, rel=0.1)
    assert orders.loc[orders["city"].isna(), "courier"].isna().all(), "not missing at random"
    known = orders["customer_id"].dropna()
    strangers = ~known.isin(customers["customer_id"])
    assert strangers.mean() == pytest.approx(tables.STRANGERS, rel=0.15)
    assert orders["items"].between(1, 40).all()
    assert orders["amount_cents"].min() > 0
    assert orders["amount_cents"].max() > 2**24, "float32 must lose cents of some order"


def test_few_customers_own_many_orders() -> None:
    counts = shop.load("orders", "small")["customer_id"].value_counts()
    assert counts.iloc[0] > 50 * counts.median()


def test_there_is_a_season_and_a_quiet_day() -> None:
    days = shop.load("orders", "small")["ordered_at"].dt
    by_month = days.month.value_counts()
    assert by_month[12] > 1.5 * by_month[2]
    by_weekday = days.dayofweek.value_counts()
    assert by_weekday[6] < 0.7 * by_weekday[2]


def test_text_has_accents_and_emoji() -> None:
    orders = shop.load("orders", "small")
    assert orders["city"].dropna().str.contains("[àâéèłńóöäå]").any()
    assert orders["note"].dropna().str.contains("[🙂🎁👍🚲☕🐈]").any()


def test_csv_holds_what_parquet_holds() -> None:
    parquet = shop.load("orders", "tiny")
    text = pd.read_csv(shop.path("orders", "tiny", format="csv"), parse_dates=["ordered_at"])
    text["ordered_at"] = text["ordered_at"].dt.as_unit("us")
    parquet["ordered_at"] = parquet["ordered_at"].dt.floor("s").dt.as_unit("us")
    pd.testing.assert_frame_equal(
        text.replace({None: np.nan}), parquet.replace({None: np.nan}), check_dtype=False
    )


def test_columns_can_be_chosen() -> None:
    assert list(shop.load("orders", "tiny", columns=["city", "items"])) == ["city", "items"]


def test_the_manifest_says_how_it_was_made() -> None:
    manifest = json.loads((shop.path("orders", "tiny").parent / "manifest.json").read_text())
    assert manifest["seed"] == shop.SEED and manifest["orders"] == 1_000
    assert manifest["files"]["orders.parquet"]["rows"] == 1_000
    assert set(manifest["versions"]) == {"faker", "numpy", "pyarrow"}


def test_importing_the_package_is_light() -> None:
    code = "import sys, shop; assert not {'faker', 'pandas', 'pyspark'} & set(sys.modules)"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(DATASETS)},
    )


BAD = {
    "an unknown size": (["make", "gigantic"], "there is no size 'gigantic'; there are: tiny"),
    "an unknown table": (["make", "tiny", "--table", "cats"], "no table 'cats'"),
    "an unknown format": (["make", "tiny", "--format", "xml"], "no format 'xml'"),
    "a negative seed": (["make", "tiny", "--seed", "-1"], "a seed is a whole number"),
    "a table nobody has": (["describe", "cats"], "there are: customers, products, orders"),
    "a dataset that is not there": (["clean", "huge", "--yes"], "there is no dataset"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_gives_one_line_and_status_2(what: str) -> None:
    words, sentence = BAD[what]
    done = command(*words)
    assert done.returncode == 2
    assert sentence in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_folder_that_cannot_be_made_gives_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = command("make", "tiny", SHOP_DATA=str(tmp_path / "file" / "below"))
    assert done.returncode == 2 and "set SHOP_DATA" in done.stderr


def test_too_little_disk_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "BYTES_PER_ROW", dict.fromkeys(making.BYTES_PER_ROW, 10**12))
    with pytest.raises(shop.ShopError, match=r"needs about [\d.]+ GB and [\d.]+ GB are free"):
        shop.make("small", seed=3)


def test_a_damaged_file_is_named(data: Path) -> None:
    path = shop.path("products", "tiny", seed=9)
    path.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(shop.ShopError, match="make it again"):
        shop.load("products", "tiny", seed=9)


def test_a_kill_leaves_nothing_that_passes_for_whole(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(DATASETS), "SHOP_DATA": str(tmp_path)}
    words = [sys.executable, "-m", "shop", "make", "medium", "--table", "orders"]
    maker = subprocess.Popen(words, env=env, stderr=subprocess.DEVNULL)
    folder = tmp_path / f"medium-{shop.SEED}"
    for _ in range(600):
        if list(folder.glob(".making-*")):
            break
        time.sleep(0.05)
    time.sleep(0.3)
    maker.send_signal(signal.SIGKILL)
    maker.wait()
    assert not (folder / "orders.parquet").exists()
    assert command("make", "tiny", SHOP_DATA=str(tmp_path)).returncode == 0
    again = subprocess.run(
        [*words[:-2], "--table", "products"], env=env, capture_output=True, timeout=120
    )
    assert again.returncode == 0
    assert not list(folder.glob(".making-*"))


def test_two_processes_that_ask_at_once_make_it_once(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(DATASETS), "SHOP_DATA": str(tmp_path)}
    words = [sys.executable, "-m", "shop", "make", "small"]
    both = [subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    files = sorted(p.name for p in (tmp_path / f"small-{shop.SEED}").iterdir())
    assert files == [".lock", "customers.parquet", "manifest.json", "orders.parquet",
                     "products.parquet"]  # fmt: skip


def test_prepared_tables_are_read_without_seed_or_manifest(tmp_path: Path) -> None:
    """A copy of the reading modules alone, as a student's run has it."""
    package = tmp_path / "package" / "shop"
    package.mkdir(parents=True)
    for module in shop.reading_modules():
        shutil.copy(module, package)
    ready = tmp_path / "ready" / "tiny"
    ready.mkdir(parents=True)
    shutil.copy(shop.path("orders", "tiny"), ready)
    code = (
        "import shop\n"
        "assert len(shop.load('orders', 'tiny')) == 1000\n"
        "for bad in (dict(size='small'), dict(size='tiny', seed=5)):\n"
        "    try: shop.load('orders', **bad)\n"
        "    except shop.ShopError as told: print(told)\n"
        "try: shop.load('products', 'tiny')\n"
        "except shop.ShopError as told: print(told)\n"
    )
    environment = {"PYTHONPATH": str(package.parent), "SHOP_PREPARED": str(tmp_path / "ready")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "there are: tiny/orders.parquet" in lines[0]
    assert "leave seed out" in lines[1]
    assert "products at tiny is not prepared" in lines[2]
