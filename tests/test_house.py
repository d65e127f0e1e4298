"""What holds for the repository as a whole."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from autograder.course import ROOT

# Written so that this file does not find itself.
ADDRESSES = re.compile(
    r"index[-]url|find[-]links|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|"
    r'registry = "https?:|"resolved": "https?:'
)
PATHS_OF_A_MACHINE = re.compile(r"""(^|[\s"'=(:`])/(home|root|wo[r]k|Users)/[A-Za-z]""")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def tracked() -> list[Path]:
    """The files of the repository, and those that are about to be added to it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = [ROOT / name for name in listed.stdout.split("\0") if name]
    assert len(found) > 50
    return [path for path in found if path.is_file()]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_ruff_finds_nothing() -> None:
    done = run(sys.executable, "-m", "ruff", "check")
    assert done.returncode == 0, done.stdout


def test_the_code_is_formatted() -> None:
    done = run(sys.executable, "-m", "ruff", "format", "--check")
    assert done.returncode == 0, f"run `make format`\n{done.stdout}"


def test_mypy_finds_nothing() -> None:
    done = run(sys.executable, "-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_make_help_has_a_line_for_every_target() -> None:
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    helped = run("make", "--no-print-directory").stdout
    assert {"setup", "demo", "test", "doctor"} <= targets
    assert set(re.findall(r"^make ([a-z-]+)\s+\S", helped, re.MULTILINE)) == targets


def test_no_file_names_a_path_of_a_machine_or_a_registrys_address() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        for number, line in enumerate(text.splitlines(), 1):
            if ADDRESSES.search(line) or PATHS_OF_A_MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_every_direct_dependency_says_what_it_is_for_and_is_locked() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = {one.name for one in _lock()}
    for line in direct:
        reason = re.search(rf'^\s*"{re.escape(line)}",\s*# \w.{{10,}}$', text, re.MULTILINE)
        assert reason, f"no reason stands beside {line}"
        assert Requirement(line).name in locked, f"{line} is not locked: make lock"


def test_the_lock_holds_names_and_versions_and_nothing_else() -> None:
    for one in _lock():
        assert re.fullmatch(r"==[\w.!+]+", str(one.specifier)), f"{one} is not one version"
        assert one.url is None
    names = [one.name for one in _lock()]
    assert len(names) == len(set(names)) > 100


def _lock() -> list[Requirement]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip()]
