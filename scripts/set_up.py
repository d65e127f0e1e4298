"""Make the virtual environment .venv from requirements.lock, with uv where it is there, else pip.

    python scripts/set_up.py STAMP

Writes the file STAMP when everything went well, and removes the stamps of earlier locks. Needs
nothing but Python 3.11 or later. A set-up that was broken off is taken up where it stopped.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
# How installers say in their logs that they got hold of one more package.
PROGRESS = ("Collecting ", "Requirement already satisfied: ")


def main(stamp: Path) -> None:
    """Make or mend the environment, then leave `stamp`."""
    uv = shutil.which("uv")
    make_environment(uv)
    if uv:
        pip = [uv, "pip", "install", "--python", str(PYTHON)]
    else:
        pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]
    # The lock is complete: with --no-deps nothing that it does not name can come along.
    packages = sum(1 for line in LOCK.read_text().splitlines() if line.strip())
    run(
        f"Installing {packages} packages into .venv (a few minutes the first time)",
        [*pip, "--no-deps", "-r", str(LOCK)], packages,
    )  # fmt: skip
    run("Installing the course", [*pip, "--no-build-isolation", "--no-deps", "-e", str(ROOT)])
    prepared = subprocess.run([str(PYTHON), "-m", "autograder.machine.spark"], cwd=ROOT)
    if prepared.returncode:
        sys.exit(prepared.returncode)
    for old in stamp.parent.glob(".set-up-*"):
        old.unlink()
    stamp.touch()


def make_environment(uv: str | None) -> None:
    """Make .venv unless a working one with this Python's version is there."""
    if PYTHON.exists():
        asked = "import sys; print(sys.version_info[:2])"
        answer = subprocess.run([str(PYTHON), "-c", asked], capture_output=True, text=True)
        if answer.stdout.strip() == str(sys.version_info[:2]):
            return
        shutil.rmtree(VENV)
    if uv:
        run("Making .venv", [uv, "venv", "--allow-existing", "--python", sys.executable, str(VENV)])
        return
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stop(f"{sys.executable} cannot make virtual environments: install its venv module "
             f"(Debian, Ubuntu: apt install python{version}-venv), or uv.")  # fmt: skip
    run("Making .venv", [sys.executable, "-m", "venv", str(VENV)])


def run(title: str, command: list[str], expected: int = 0) -> None:
    """Run a step; a line that counts while it runs, and its last words when it fails."""
    print(title, file=sys.stderr, flush=True)
    with tempfile.NamedTemporaryFile("w+", errors="replace", suffix=".log") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT
        )
        over = threading.Event()
        counter = threading.Thread(target=count, args=(Path(log.name), expected, over))
        if expected and sys.stderr.isatty():
            counter.start()
        try:
            status = process.wait()
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            over.set()
            if counter.ident:
                counter.join()
        if status:
            log.seek(0)
            said = [line for line in log.read().splitlines() if line.strip()]
            errors = [line for line in said if line.lower().startswith("error")]
            print(*said[-15:], sep="\n", file=sys.stderr)
            stop(f"{title}: failed. {(errors or said or ['It said nothing.'])[-1]}")


def count(log: Path, expected: int, over: threading.Event) -> None:
    """Keep one line of the terminal up to date with how far the installer is."""
    while not over.wait(1):
        lines = log.read_text(errors="replace").splitlines()
        done = sum(line.startswith(PROGRESS) for line in lines)
        doing = "unpacking" if any(line.startswith("Installing") for line in lines) else "fetching"
        print(f"\r  {doing}: {min(done, expected)} of {expected} ", end="", file=sys.stderr)
        sys.stderr.flush()
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)


def stop(problem: str) -> NoReturn:
    """End with one line and exit status 2."""
    print(problem, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except KeyboardInterrupt:
        stop("Stopped; the next make setup goes on from here.")
    except OSError as problem:
        stop(f"The set-up could not go on: {problem}")
