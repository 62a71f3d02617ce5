"""Is the project what its first page promises? Copies unchanged, versions pinned, nothing lying about."""

from __future__ import annotations

import hashlib
import re
import tomllib
from fnmatch import fnmatch
from importlib.metadata import requires, version
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).parent.parent
VENDORED = [TOP / "webapp/static/vendor", TOP / "tests/vendor"]
ROOMS = {"domain", "projections", "webapp", "migrations", "tests"}
PAPERS = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", "constraints.txt", "Makefile"}
UNSEEN = {".ci", ".git", ".gitignore"}


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: str(folder.relative_to(TOP)))
def test_every_copy_of_foreign_code_is_the_one_that_was_checked(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    noted = {name: checksum for checksum, name in (line.split() for line in lines)}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    del found["SHA256SUMS"]
    assert found == noted


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: str(folder.relative_to(TOP)))
def test_every_copy_of_foreign_code_has_its_licence_beside_it(folder: Path) -> None:
    scripts = [path.name.removesuffix(".min.js") for path in folder.glob("*.js")]
    assert scripts
    assert [name for name in scripts if not (folder / f"{name}.LICENSE").exists()] == []


def test_nothing_else_lies_at_the_top() -> None:
    ignored = [line.strip("/") for line in (TOP / ".gitignore").read_text(encoding="utf-8").splitlines()]
    present = {path.name for path in TOP.iterdir()} - ROOMS - PAPERS - UNSEEN
    assert {name for name in present if not any(fnmatch(name, pattern) for pattern in ignored)} == set()


def test_every_link_of_the_papers_leads_somewhere() -> None:
    links = [link for paper in TOP.glob("*.md") for link in re.findall(r"\]\(([^)#:]+)\)", paper.read_text("utf-8"))]
    assert links
    assert [link for link in links if not (TOP / link).exists()] == []


def test_what_the_first_page_names_is_there() -> None:
    assert [name for name in sorted(ROOMS | PAPERS | {".ci/run"}) if not (TOP / name).exists()] == []


def test_every_package_that_is_needed_is_pinned_and_installed_as_pinned() -> None:
    pinned = pins()
    assert {name: pinned.get(name) for name in needed()} == {name: version(name) for name in needed()}


def test_nothing_is_pinned_that_is_not_needed() -> None:
    assert set(pins()) - needed() == set()


def test_pins_are_exact_and_name_no_address() -> None:
    lines = (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_all_code_is_in_a_package() -> None:
    folders = {path.parent for room in ROOMS - {"tests"} for path in (TOP / room).rglob("*.py")}
    assert {str(folder.relative_to(TOP)) for folder in folders if not (folder / "__init__.py").exists()} == set()


def pins() -> dict[str, str]:
    lines = (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(name): number for name, number in (line.split("==") for line in lines)}


def needed() -> set[str]:
    """The names of all packages that Kronika's own need, and theirs, on this Python."""
    project = pyproject()["project"]
    groups = [
        pyproject()["build-system"]["requires"],
        project["dependencies"],
        *project["optional-dependencies"].values(),
    ]
    return closure([Requirement(text) for text in chain.from_iterable(groups)])


def closure(wanted: list[Requirement]) -> set[str]:
    met: set[tuple[str, str]] = set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras} - {extra for known, extra in met if known == name}:
            met.add((name, extra))
            wanted += asked_for(name, extra)
    return {name for name, _ in met}


def asked_for(name: str, extra: str) -> list[Requirement]:
    requirements = [Requirement(text) for text in requires(name) or []]
    return [one for one in requirements if one.marker is None or one.marker.evaluate({"extra": extra})]


def pyproject() -> dict[str, Any]:
    return tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
