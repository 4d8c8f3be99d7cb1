"""Entries of a list in the order of their keys, in files: a list of millions is sorted and compared in little memory.

A file holds one line for each entry, `<key> TAB <place> TAB <JSON>`, packed with gzip. Keys hold no tab and no
control character, so the order of the lines is the order of the keys. An entry is the text of its JSON here.
"""

import gzip
import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

# The last of several entries of one key by this rank is the one that counts.
Rank = Callable[[int, str], Any]
AT_ONCE: Final = 50_000
_PACKED: Final = 1  # the fastest: these files live for minutes


class Sorter:
    """Takes entries in any order and gives them back sorted, keeping at most `at_once` in memory."""

    def __init__(self, folder: Path, at_once: int = AT_ONCE) -> None:
        self._folder = folder
        self._at_once = at_once
        self._lines: list[str] = []
        self._runs: list[Path] = []
        self._place = 0

    def add(self, key: str, text: str) -> None:
        """Take one entry."""
        self._lines.append(f"{key}\t{self._place:09d}\t{text}\n")
        self._place += 1
        if len(self._lines) >= self._at_once:
            self._spill()

    def entries(self, rank: Rank) -> Iterator[tuple[str, str]]:
        """One entry for each key, in the order of keys: of several the one of the highest rank."""
        self._lines.sort()
        runs = [_lines(path) for path in self._runs]
        lines = heapq.merge(*runs, self._lines) if runs else iter(self._lines)
        for key, same in groupby(lines, _key):
            yield key, _best(list(same), rank)

    def _spill(self) -> None:
        self._lines.sort()
        path = self._folder / f"sorted-{len(self._runs)}.gz"
        with gzip.open(path, "wt", _PACKED, encoding="utf-8", newline="\n") as target:
            target.writelines(self._lines)
        self._runs.append(path)
        self._lines = []


class Writer:
    """Writes sorted entries to a file that `read` reads again; `count` is how many so far."""

    def __init__(self, path: Path) -> None:
        self._target = gzip.open(path, "wt", _PACKED, encoding="utf-8", newline="\n")  # noqa: SIM115 (closed at exit)
        self.count = 0

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_: object) -> None:
        self._target.close()

    def write(self, key: str, text: str) -> None:
        """Add one entry."""
        self._target.write(f"{key}\t0\t{text}\n")
        self.count += 1


def read(path: Path) -> Iterator[tuple[str, str]]:
    """The entries of a file that a `Writer` wrote, in order."""
    for line in _lines(path):
        key, _, text = line.split("\t", 2)
        yield key, text.rstrip("\n")


def side_by_side(
    before: Iterable[tuple[str, str]], after: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str | None, str | None]]:
    """Two sorted lists: each key with its entry in the first and in the second, None where absent."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old or new:
        if new is None or (old and old[0] < new[0]):
            assert old is not None
            yield old[0], old[1], None
            old = next(olds, None)
        elif old is None or new[0] < old[0]:
            yield new[0], None, new[1]
            new = next(news, None)
        else:
            yield old[0], old[1], new[1]
            old, new = next(olds, None), next(news, None)


def _lines(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        yield from file


def _key(line: str) -> str:
    return line.partition("\t")[0]


def _best(lines: list[str], rank: Rank) -> str:
    candidates: list[tuple[int, str]] = []
    for line in lines:
        _, place, text = line.split("\t", 2)
        candidates.append((int(place), text.rstrip("\n")))
    return max(candidates, key=lambda candidate: rank(*candidate))[1] if len(candidates) > 1 else candidates[0][1]
