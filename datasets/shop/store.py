"""Where datasets lie, what is whole in them, and who may change them (standard library only).

A dataset is a folder <root>/<size>-<seed> with the tables and manifest.json. A table counts only
when the manifest names it and each of its parts has its right length: parts are renamed into
place first and the manifest last, so what a killed process leaves behind never passes for whole.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from shop.catalogue import name_of
from shop.errors import ShopError

CONTENT = 2  # raise it when the same seed gives other rows than before
MANIFEST = "manifest.json"
MAKING = ".making-"


def root() -> Path:
    """SHOP_DATA, else datasets/data of the clone that this runs from, else a user's cache."""
    named = os.environ.get("SHOP_DATA")
    if named:
        return Path(named).expanduser().absolute()
    parent = Path(__file__).resolve().parents[1]
    if parent.name == "datasets" and (parent / "README.md").is_file():
        return parent / "data"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "beyond-pandas" / "data"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "beyond-pandas" / "data"


def folder(size: str | int, seed: int) -> Path:
    """The folder of a dataset, which need not exist."""
    return root() / f"{name_of(size)}-{seed}"


def manifest(dataset: Path) -> dict[str, Any]:
    """What the dataset holds; empty where there is none.

    Raises ShopError when the shop's rules, or Faker's words, have changed since it was made.
    """
    try:
        found: dict[str, Any] = json.loads((dataset / MANIFEST).read_text(encoding="utf-8"))
        made_by = (found["content"], found["versions"]["faker"])
        tables = found["tables"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError):
        made_by, tables = (0, ""), None
    now = (CONTENT, faker() or made_by[1])
    if made_by != now or not isinstance(tables, dict):
        raise ShopError(
            f"{dataset} was made by another version of the shop or of Faker, whose rows may "
            f"differ: make it anew with `python -m shop make {_words_for(dataset)}`."
        )
    return found


def _words_for(dataset: Path) -> str:
    size, _, seed = dataset.name.rpartition("-")
    named = f"--rows {size.removeprefix('orders')}" if size.startswith("orders") else size
    return f"{named} --seed {seed}"


def faker() -> str | None:
    """The installed version of Faker, found without importing it."""
    try:
        return version("faker")
    except PackageNotFoundError:
        return None


def ready(dataset: Path, table: str, format: str) -> Path | None:
    """The file or folder of a table when it is whole, else None."""
    name = f"{table}.{format}"
    return dataset / name if name in whole(dataset) else None


def whole(dataset: Path) -> dict[str, dict[str, Any]]:
    """The manifest's entries whose parts are all there with the length that it states."""
    return {
        name: entry
        for name, entry in manifest(dataset).get("tables", {}).items()
        if not missing_parts(dataset, entry)
    }


def missing_parts(dataset: Path, entry: dict[str, Any]) -> list[str]:
    """The parts of a table that are not there, or not with the length that they should have."""
    return [
        part for part, about in entry["parts"].items() if length(dataset / part) != about["bytes"]
    ]


def length(path: Path) -> int:
    """Bytes of a file, -1 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return -1


def sha256(path: Path) -> str:
    """The checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(dataset: Path) -> list[str]:
    """What is wrong with a dataset: one line for each part that is missing or changed."""
    wrong = []
    for entry in manifest(dataset).get("tables", {}).values():
        for part, about in entry["parts"].items():
            found = length(dataset / part)
            if found < 0:
                wrong.append(f"{dataset.name}/{part} is missing")
            elif found != about["bytes"]:
                wrong.append(f"{dataset.name}/{part} has {found:,} bytes, not {about['bytes']:,}")
            elif sha256(dataset / part) != about["sha256"]:
                wrong.append(f"{dataset.name}/{part} has other content than when it was made")
    return wrong


def write_manifest(dataset: Path, content: dict[str, Any]) -> None:
    """Write manifest.json by renaming, so that a reader sees the old one or the new one."""
    with tempfile.NamedTemporaryFile(
        "w", dir=dataset, prefix=MAKING, encoding="utf-8", delete=False
    ) as part:
        json.dump(content, part, indent=1)
        part.write("\n")
    os.chmod(part.name, 0o644)  # a temporary file is its owner's alone
    os.replace(part.name, dataset / MANIFEST)


@contextlib.contextmanager
def locked(size: str | int, seed: int) -> Iterator[Path]:
    """The dataset's folder, made if need be, with no other process of the shop changing it.

    Waits for a process that has it, and says so on stderr. The lock ends with the process.
    """
    dataset = folder(size, seed)
    try:
        dataset.mkdir(parents=True, exist_ok=True)
        ignore = root() / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")  # data are made, not kept
        lock = (root() / f".lock-{dataset.name}").open("a")
    except OSError as error:
        raise unwritable(error) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"shop: waiting for the process that makes {dataset.name}", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        dataset.mkdir(exist_ok=True)  # who held the lock may have removed it
        yield dataset


class Parts:
    """The unfinished parts of one table: a folder that outlives a kill, to go on from.

    A part is taken for finished when `done` lists it with its length.
    """

    def __init__(self, dataset: Path, name: str) -> None:
        self.dataset, self.name = dataset, name
        self.folder = dataset / f"{MAKING}{name}"
        self.log = self.folder / "done.jsonl"
        self.rules = {"content": CONTENT, "faker": faker()}

    def open(self) -> dict[str, dict[str, Any]]:
        """The folder's finished parts by name; other files in it are removed."""
        done: dict[str, dict[str, Any]] = {}
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        try:
            found = [json.loads(line) for line in lines]
        except ValueError:  # the kill came while a line was written
            found = [json.loads(line) for line in lines[:-1]]
        if found and found[0] == self.rules:
            for files in found[1:]:
                if all(length(self.folder / p) == one["bytes"] for p, one in files.items()):
                    done |= files
        keep = {self.folder / part for part in done}
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_file() and path not in keep:
                path.unlink()
        self._write(self.rules)
        if done:
            self.add(done)
        return done

    def add(self, files: dict[str, dict[str, Any]]) -> None:
        """Note that a part is finished; it may have several files."""
        self._write(files)

    def _write(self, line: dict[str, Any]) -> None:
        with self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")

    def put_in_place(self, folder: bool) -> None:
        """Move what was made to its final name."""
        target = self.dataset / self.name
        if target.is_dir():
            shutil.rmtree(target)
        self.log.unlink()
        if folder:
            os.replace(self.folder, target)
        else:
            (made,) = self.folder.iterdir()
            os.replace(made, target)
            self.folder.rmdir()


def clear_unfinished(dataset: Path) -> None:
    """Remove what killed processes left. Only for who holds the lock."""
    for left in dataset.glob(f"{MAKING}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def remove(size: str | int, seed: int) -> int:
    """Remove a dataset and return the bytes that its files had."""
    if not folder(size, seed).is_dir():
        return 0
    with locked(size, seed) as dataset:
        total = sum(path.stat().st_size for path in dataset.rglob("*") if path.is_file())
        (dataset / MANIFEST).unlink(missing_ok=True)  # first, so that no half counts as whole
        shutil.rmtree(dataset)
    return total


def check_space(where: Path, needed: int, what: str) -> None:
    """Raise ShopError when the disk of `where` has less than `needed` bytes free."""
    free = shutil.disk_usage(where).free
    if needed > free:
        raise ShopError(
            f"{what} needs about {in_words(needed)}, and {where} has {in_words(free)} free; "
            "make room there, or set SHOP_DATA to a folder with more."
        )


def in_words(size: int) -> str:
    """Bytes as text in MB or GB (powers of ten)."""
    return f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.1f} MB"


def datasets() -> list[tuple[str | int, int, Path]]:
    """Size, seed and folder of each dataset under the root."""
    found: list[tuple[str | int, int, Path]] = []
    for path in sorted(root().glob("*-*")):
        name, _, seed = path.name.rpartition("-")
        size: str | int = int(name[6:]) if name[6:].isdigit() else name
        try:
            if path.is_dir() and seed.isdigit() and folder(size, int(seed)) == path:
                found.append((size, int(seed), path))
        except ShopError:
            continue  # a folder of somebody else's
    return found


def unwritable(error: OSError) -> ShopError:
    return ShopError(
        f"Cannot write to {root()} ({error.strerror}); set SHOP_DATA to a folder that you own."
    )
