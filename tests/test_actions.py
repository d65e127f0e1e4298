"""GitHub's workflows can be read and name only what is there. What they do is not run here."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.course import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(path: Path) -> list[dict[str, Any]]:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [step for job in read["jobs"].values() for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert [path.stem for path in WORKFLOWS] == ["book", "links", "tests"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_names_only_what_is_there(path: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for step in steps(path):
        assert ("run" in step) != ("uses" in step), step
        for command in re.split(r"&&|\n", step.get("run", "")):
            words = shlex.split(command)
            if words[:1] == ["make"]:
                assert words[1] in targets, command
            if words[:1] and words[0].startswith((".ci/", "scripts/")):
                assert (ROOT / words[0]).exists(), command
            for word in words:
                if word.startswith("ARGS="):
                    assert all((ROOT / one).is_dir() for one in word[5:].split()), command


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_limits_and_few_rights(path: Path) -> None:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert read["permissions"] == {"contents": "read"}
    for name, job in read["jobs"].items():
        assert "timeout-minutes" in job or name == "publish"
    assert "://" not in path.read_text(encoding="utf-8")
