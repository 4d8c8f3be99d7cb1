"""The matcher over a register in memory, by the very keys, cap and comparison of the lookup."""

import argparse
import gzip
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from chalicelib.domain.match import Comparison, asked_keys, compare, listed_keys, rank
from chalicelib.domain.name import Name, parse

CAP = 48
ACTS = 0.2  # scores above are those of one false alarm in a thousand


def rows(path: str) -> Iterator[list[str]]:
    """The fields of each line after the header."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else Path(path).open(encoding="utf-8")
    with opened as lines:
        next(lines)
        for line in lines:
            yield line.rstrip("\n").split("\t")


class Register:
    """Posting lists as the table `keys` holds them: capped, and a key past the cap holds none."""

    def __init__(self) -> None:
        self.postings: dict[str, list[int]] = {}
        self.common: set[str] = set()
        self.subjects: list[tuple[str, str]] = []

    def add(self, subject: str, raw: str) -> None:
        number = len(self.subjects)
        self.subjects.append((subject, raw))
        for key in listed_keys(parse(raw, subject[2:8])):
            if key in self.common:
                continue
            held = self.postings.setdefault(key, [])
            held.append(number)
            if len(held) > CAP:
                self.common.add(key)
                del self.postings[key]

    def candidates(self, keys: tuple[str, ...]) -> list[int]:
        return list(dict.fromkeys(n for key in keys for n in self.postings.get(key, ())))

    def units(self, keys: tuple[str, ...]) -> float:
        total = 0.0
        for key in keys:
            size = 60 + sum(60 + 3 * len(self.subjects[n][1]) for n in self.postings.get(key, ()))
            total += 0.5 * -(-size // 4096)
        return total

    def look_up(self, asked: Name) -> tuple[str, Comparison | None, int]:
        found = self.candidates(asked_keys(asked))
        best: tuple[str, Comparison | None] = ("", None)
        names = [parse(raw, subject[2:8]) for subject, raw in (self.subjects[n] for n in found)]
        for n, made in zip(found, rank(asked, names), strict=True):
            if best[1] is None or made.score > best[1].score:
                best = (self.subjects[n][0], made)
        return *best, len(found)


def print_pairs(path: str, above: float) -> None:
    """How often the two names of each kind of pair score above the threshold, and by which relation."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, _, code, listed, _, asked in rows(path):
        made = compare(parse(asked), parse(listed, code[2:8]))
        table[kind]["pairs"] += 1
        table[kind]["above"] += made.score > above
        table[kind][made.relation] += 1
    print(f"share above {above}, and relations")
    for kind, found in sorted(table.items()):
        count = found.pop("pairs")
        share = found.pop("above") / count
        relations = ", ".join(f"{name} {n / count:.1%}" for name, n in found.most_common())
        print(f"{kind:50} {count:6} {share:6.1%}   {relations}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("listed", nargs="?")
    parser.add_argument("queries", nargs="?")
    parser.add_argument("--pairs", help="a file of kind, label, code, listed name, code, asked name")
    parser.add_argument("--above", type=float, default=ACTS, help="threshold of the table of pairs")
    chosen = parser.parse_args()
    if chosen.pairs:
        print_pairs(chosen.pairs, chosen.above)
        return
    register = Register()
    start = time.perf_counter()
    for row in rows(chosen.listed):
        register.add(row[0], row[1])
    print(
        f"filed {len(register.subjects)} in {time.perf_counter() - start:.0f} s, {len(register.postings)} keys",
        file=sys.stderr,
    )
    seen = within = count = keys = 0
    units = 0.0
    missed: dict[str, int] = defaultdict(int)
    start = time.perf_counter()
    answers = []
    for kind, raw, expected in rows(chosen.queries):
        asked = parse(raw)
        subject, made, found = register.look_up(asked)
        answers.append((subject, made.score if made else 0.0))
        sys.stdout.write(f"{subject}\t{made.score:.6f}\n" if made and made.score > 0 else "\t0\n")
        count += found
        wanted = asked_keys(asked)
        keys += len(wanted)
        units += register.units(wanted)
        if expected:
            seen += 1
            hit = any(register.subjects[n][0] == expected for n in register.candidates(wanted))
            within += hit
            missed[kind] += not hit
    spent = time.perf_counter() - start
    total = len(answers)
    print(
        f"{total / spent:.0f} lookups/s, {keys / total:.1f} keys, {units / total:.1f} units, {count / total:.1f} candidates",
        file=sys.stderr,
    )
    print(f"among the candidates {within / max(1, seen):.4f}; missed {dict(missed)}", file=sys.stderr)


if __name__ == "__main__":
    main()
