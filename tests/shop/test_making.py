"""Making, keeping and removing datasets: never half made, never made twice."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import shop
from shop import making, store

from tests.shop.running import Run, environment


def test_what_is_there_is_not_made_again(data: Path) -> None:
    before = shop.path("orders", "tiny").stat()
    shop.make("tiny", formats=("parquet", "csv"))
    after = shop.path("orders", "tiny").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    manifest = json.loads((data / f"tiny-{shop.SEED}" / "manifest.json").read_text())
    assert len(manifest["tables"]) >= 12 and manifest["seed"] == shop.SEED
    part = manifest["tables"]["orders.parquet"]["parts"]["orders.parquet"]
    assert part["rows"] == 1_000 and len(part["sha256"]) == 64
    assert set(manifest["versions"]) == {"faker", "numpy", "pyarrow", "python"}


def test_a_cut_file_is_made_again() -> None:
    path, whole = shop.path("orders", "tiny", seed=8), shop.fingerprint("orders", "tiny", seed=8)
    path.write_bytes(path.read_bytes()[:-100])
    assert shop.fingerprint("orders", "tiny", seed=8) == whole


def test_a_damaged_file_is_named() -> None:
    path = shop.path("orders", "tiny", seed=9)
    path.write_bytes(b"\0" * path.stat().st_size)
    with pytest.raises(shop.ShopError, match=r"orders\.parquet cannot be read.*make it again"):
        shop.load("orders", "tiny", seed=9)


def test_verify_finds_a_flipped_byte_and_a_missing_part_and_says_which(
    tmp_path: Path, run: Run
) -> None:
    there = {"SHOP_DATA": str(tmp_path)}
    run("-m", "shop", "make", "tiny", **there)
    assert run("-m", "shop", "verify", **there).stdout.strip() == f"tiny-{shop.SEED}: whole"
    folder = tmp_path / f"tiny-{shop.SEED}"
    flipped = bytearray((folder / "orders.parquet").read_bytes())
    flipped[len(flipped) // 2] ^= 1
    (folder / "orders.parquet").write_bytes(flipped)
    (folder / "clicks.parquet").unlink()
    done = run("-m", "shop", "verify", "tiny", **there)
    assert done.returncode == 2 and "make it again" in done.stderr
    first, second = sorted(done.stdout.splitlines())
    assert "clicks.parquet is missing" in first
    assert "orders.parquet has other content" in second


def test_a_dataset_of_an_older_version_is_refused_until_it_is_made_anew(
    tmp_path: Path, run: Run
) -> None:
    there = {"SHOP_DATA": str(tmp_path)}
    run("-m", "shop", "make", "tiny", "--table", "products", **there)
    manifest = tmp_path / f"tiny-{shop.SEED}" / "manifest.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**told, "content": store.CONTENT - 1}))
    code = "import shop\ntry: shop.load('products', 'tiny')\nexcept shop.ShopError as e: print(e)"
    assert f"python -m shop make tiny --seed {shop.SEED}" in run("-c", code, **there).stdout
    done = run("-m", "shop", "verify", "tiny", **there)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    words = ["make", "tiny", "--seed", str(shop.SEED), "--table", "products"]
    assert run("-m", "shop", *words, **there).returncode == 0
    assert run("-m", "shop", "verify", "tiny", **there).returncode == 0


def test_a_full_disk_is_refused_with_numbers(tmp_path: Path) -> None:
    with pytest.raises(shop.ShopError, match=r"about 1,000,000,000\.0 GB, and .* GB free"):
        store.check_space(tmp_path, 10**18, "orders")


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_that_passes_for_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHOP_DATA", str(tmp_path))

    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(making, "WRITERS", {"parquet": full})
        with pytest.raises(shop.ShopError, match="No space left on device"):
            shop.make("tiny", tables=["orders"])
    assert store.ready(tmp_path / f"tiny-{shop.SEED}", "orders", "parquet") is None
    assert len(shop.load("orders", "tiny")) == 1_000


def test_importing_the_package_is_light(run: Run) -> None:
    code = "import sys, shop; print({'faker', 'pandas', 'numpy', 'pyarrow'} & set(sys.modules))"
    assert run("-c", code).stdout.strip() == "set()"


WRONG = {
    "size": (["make", "gigantic"], "There is no size 'gigantic'"),
    "near size": (["make", "smal"], "did you mean 'small'?"),
    "no size": (["make"], "Name a size to make"),
    "too few rows": (["make", "--rows", "3"], "a number of orders from 100"),
    "negative rows": (["make", "--rows", "-5"], "a number of orders from 100"),
    "absurd rows": (["make", "--rows", "9999999999999"], "a number of orders from 100"),
    "table": (["make", "tiny", "--table", "cats"], "There is no table 'cats'"),
    "format": (["make", "tiny", "--format", "xml"], "parquet, csv and daily"),
    "days": (["make", "tiny", "--table", "products", "--format", "daily"], "cut by day"),
    "seed": (["make", "tiny", "--seed", "-1"], "A seed is a whole number"),
    "no number": (["make", "tiny", "--seed", "x"], "not a valid integer"),
    "described table": (["describe", "cats"], "There is no table 'cats'"),
    "nothing to clean": (["clean"], "or say --all"),
    "nothing to verify": (["verify", "huge"], "There is no such dataset"),
    "command": (["bake"], "No such command"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_request_is_one_line_and_status_2(what: str, run: Run) -> None:
    words, sentence = WRONG[what]
    done = run("-m", "shop", *words)
    assert done.returncode == 2 and done.stdout == ""
    assert sentence in done.stderr and len(done.stderr.splitlines()) == 1


def test_too_much_for_the_disk_is_refused_before_anything_is_written(
    tmp_path: Path, run: Run
) -> None:
    words = ["make", "--rows", "9000000000", "--table", "orders", "--format", "csv"]
    done = run("-m", "shop", *words, SHOP_DATA=str(tmp_path))
    assert done.returncode == 2 and "needs about 2,160.0 GB" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 10]


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("")
    done = run("-m", "shop", "make", "tiny", SHOP_DATA=str(tmp_path / "file" / "below"))
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert "set SHOP_DATA" in done.stderr


@pytest.mark.parametrize("columns", ["city", ["citty"]])
def test_a_wrong_column_is_named(columns: str | list[str]) -> None:
    with pytest.raises(shop.ShopError, match="city"):
        shop.load("orders", "tiny", columns=columns)


def test_make_list_describe_and_clean_work_from_the_command(tmp_path: Path, run: Run) -> None:
    there = {"SHOP_DATA": str(tmp_path)}
    assert run("-m", "shop", "make", "tiny", **there).stdout.strip().endswith(f"tiny-{shop.SEED}")
    listed = run("-m", "shop", "list", **there).stdout
    assert "orders.parquet" in listed and "1,000" in listed
    assert "amount_cents" in run("-m", "shop", "describe", "orders", **there).stdout
    assert "Removed tiny-" in run("-m", "shop", "clean", "tiny", **there).stdout
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_progress_is_told_with_speed_and_time_left(tmp_path: Path, run: Run) -> None:
    words = ["make", "medium", "--table", "clicks", "--format", "csv"]
    done = run("-m", "shop", *words, SHOP_DATA=str(tmp_path))
    assert "rows/s" in done.stderr and " left" in done.stderr


def _start(tmp_path: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "shop", "make", *words],
        env=environment(SHOP_DATA=str(tmp_path)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_killed_run_leaves_nothing_that_passes_for_whole_and_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_DATA", str(tmp_path))
    words = ("large", "--table", "order_items")
    maker = _start(tmp_path, *words)
    unfinished = tmp_path / f"large-{shop.SEED}" / ".making-order_items.parquet"
    deadline = time.monotonic() + 100
    log = unfinished / "done.jsonl"
    while (not log.exists() or len(log.read_text().splitlines()) < 3) and maker.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    workers = psutil.Process(maker.pid).children(recursive=True)
    maker.send_signal(signal.SIGKILL)
    assert maker.wait() == -signal.SIGKILL, "the maker ended before it could be killed"
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert gone and not alive, "the processes that helped are still there"
    dataset = tmp_path / f"large-{shop.SEED}"
    assert store.ready(dataset, "order_items", "parquet") is None
    finished = {path.name: path.stat().st_ino for path in unfinished.glob("part-*")}
    noted = [json.loads(line) for line in log.read_text().splitlines()[1:]]
    done_before = {name for files in noted for name in files}
    shop.make("large", tables=["order_items"], progress=False)
    now = {path.name: path.stat().st_ino for path in (dataset / "order_items.parquet").iterdir()}
    assert len(now) == 10 and done_before
    assert all(now[name] == finished[name] for name in done_before), "work was done again"
    assert not list(dataset.glob(".making-*")) and not shop.verify("large")
    shutil.rmtree(dataset)


def test_a_plain_script_may_ask_for_a_table_that_several_processes_make(
    tmp_path: Path, run: Run
) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import shop\nprint('begins')\n"
        "print(len(list(shop.path('order_items', 'large').iterdir())))\n"
    )
    done = run(str(script), SHOP_DATA=str(tmp_path))
    assert done.stdout.split() == ["begins", "10"], done.stderr[-2000:]


def test_two_processes_that_ask_at_once_make_it_once(tmp_path: Path) -> None:
    code = "import shop; p = shop.path('orders', 'small'); print(p.stat().st_ino)"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment(SHOP_DATA=str(tmp_path)),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    inodes = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert inodes[0] == inodes[1], "one file was made and then replaced by another"


@pytest.mark.slow
def test_one_process_and_two_make_the_same_large_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for processes in (1, 2):
        monkeypatch.setenv("SHOP_DATA", str(tmp_path / str(processes)))
        shop.make("large", tables=["orders"], processes=processes, progress=False)
        found.append(shop.fingerprint("orders", "large"))
        assert len(list(shop.path("orders", "large").iterdir())) == 10
    assert found[0] == found[1]


def test_prepared_tables_are_read_by_a_copy_of_the_reading_modules(
    tmp_path: Path, run: Run
) -> None:
    package, ready = tmp_path / "package" / "shop", tmp_path / "ready"
    package.mkdir(parents=True)
    (ready / "tiny").mkdir(parents=True)
    for module in shop.reading_modules():
        shutil.copy(module, package)
    shutil.copy(shop.path("orders", "tiny"), ready / "tiny")
    code = """
import shop
print(len(shop.load("orders", "tiny")), len(shop.describe("orders")))
for ask in (lambda: shop.load("products", "tiny"), lambda: shop.load("orders", "small"),
            lambda: shop.load("orders", "tiny", seed=5), lambda: shop.make("tiny")):
    try:
        ask()
    except shop.ShopError as error:
        print(error)
"""
    more = {"PYTHONPATH": str(package.parent), "SHOP_PREPARED": str(ready)}
    done = run("-c", code, **more)
    assert done.returncode == 0, done.stderr
    rows, products, size, seed, make = done.stdout.splitlines()
    assert rows == "1000 14"
    assert "there are tiny (orders.parquet)" in products and "at the size small" in size
    assert "leave `seed` out" in seed and "nothing can be made" in make
    assert not list((ready).rglob("manifest.json"))
