"""The locks hold every package by the hashes of its files, in the versions that requirements and constraints name."""

import re

import pytest

from tests.infra.project import ROOT

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)")
LOCKS = ("requirements.lock", "requirements-dev.lock")
AGAIN = "run `make lock` after a change of requirements*.txt or constraints.txt"


def pinned(name: str) -> set[tuple[str, str]]:
    """The packages that a file pins, as (name, version)."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    found = filter(None, map(PINNED.match, lines))
    return {(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2]) for match in found}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_of_a_lock_has_hashes(name: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / name).read_text("utf-8").strip())
    assert len(entries) > 10
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(pinned(name))


def test_the_locks_hold_what_is_required_in_the_versions_that_were_chosen() -> None:
    assert pinned("requirements.txt") <= pinned("requirements.lock"), AGAIN
    assert pinned("requirements-dev.txt") <= pinned("requirements-dev.lock"), AGAIN
    chosen = dict(pinned("constraints.txt") - {("rapidfuzz", version) for version in ("3.13.0", "3.14.6")})
    locked = dict(pinned("requirements-dev.lock"))
    assert {name: version for name, version in chosen.items() if locked.get(name, version) != version} == {}, AGAIN
    assert pinned("requirements.lock") <= pinned("requirements-dev.lock")


def test_what_is_installed_is_installed_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "--require-hashes --no-deps \\\n\t  -r requirements-dev.lock" in makefile
    assert "make setup" in (ROOT / ".ci" / "run").read_text("utf-8")
