"""The matcher over a register in memory, by the very keys, cap and comparison of the lookup.

    python -m benchmarks.matching LISTED.tsv[.gz] QUERIES.tsv > answers.tsv
    python -m benchmarks.matching --pairs PAIRS.tsv[.gz]
    python -m benchmarks.matching --growth 10000 100000 1000000
    python -m benchmarks.matching --speed
    python -m benchmarks.matching --freeze          # rewrites benchmarks/matching_frozen.tsv

LISTED has code and name in its first two columns, and may have the division code in the third, for codes that are no
USCC; QUERIES kind, name and expected code, PAIRS kind, label, code and
name of the listed one, code and name of the asked one; each has a header. An answer is the best code and its score.
"""

import argparse
import gzip
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks import invented_names, written_names
from chalicelib.matching.name_scoring import Comparison, asked_keys, compare, listed_keys, rank
from chalicelib.matching.parse_name import parse
from chalicelib.matching.readings.asked_names import Reading, keys_of, listed_names, read_names

CAP = 48  # of a posting list, as in the table `keys`
ACTS = 0.2  # scores above are those of one false alarm in a thousand
FROZEN = Path(__file__).parent / "matching_frozen.tsv"


def division_of(code: str) -> str:
    """The division code in a credit code; '' of what is none, as a number of a stock exchange."""
    return code[2:8] if len(code) == 18 and code[2:8].isdigit() else ""


def rows(path: str) -> list[list[str]]:
    """The fields of each line after the header."""
    data = Path(path).read_bytes()
    text = (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


class Register:
    """Posting lists as the table `keys` holds them: capped, and a key past the cap holds none."""

    def __init__(self, only: frozenset[str] | None = None) -> None:
        self.postings: dict[str, list[tuple[str, str]]] = {}
        self.common: set[str] = set()
        self.only = only
        self.divisions: dict[str, str] = {}

    def add(self, code: str, raw: str, division: str = "") -> None:
        """File a name under all its keys, or under those that will be asked for."""
        if division:
            self.divisions[code] = division
        division = division or division_of(code)
        keys = dict.fromkeys(key for name in listed_names(raw, division) for key in listed_keys(name))
        for key in keys:
            if key in self.common or (self.only is not None and key not in self.only):
                continue
            held = self.postings.setdefault(key, [])
            held.append((code, raw))
            if len(held) > CAP:
                self.common.add(key)
                del self.postings[key]

    def candidates(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """Code and name of everyone in the posting lists, once."""
        return list(dict.fromkeys(posting for key in keys for posting in self.postings.get(key, ())))

    def read_units(self, keys: Iterable[str]) -> float:
        """The cost of fetching the lists: 0.5 per 4 KB or part, also for absent items, by the sizes DynamoDB counts."""
        total = 0.0
        for key in keys:
            size = len(key) + 40 + sum(45 + len(raw.encode()) for _, raw in self.postings.get(key, ()))
            total += 0.5 * -(-size // 4096)
        return total

    def look_up(self, readings: Sequence[Reading]) -> tuple[str, Comparison | None]:
        """The best candidate's code and comparison."""
        posted = self.candidates(keys_of(readings))
        listed = [
            (code, name)
            for code, raw in posted
            for name in listed_names(raw, self.divisions.get(code) or division_of(code))
        ]
        best: tuple[str, Comparison | None] = ("", None)
        for reading in readings:
            for (code, _), made in zip(listed, rank(reading.name, [name for _, name in listed]), strict=True):
                if best[1] is None or made.score > best[1].score:
                    best = code, made
        return best


def answer(listed: Sequence[Sequence[str]], queries: Sequence[Sequence[str]]) -> None:
    """Print an answer per query; counts of keys and candidates go to stderr."""
    register = Register()
    for row in listed:
        register.add(row[0], row[1], row[2] if len(row) > 2 and row[2].isdigit() else "")
    start = time.perf_counter()
    for _, raw, *_ in queries:
        code, made = register.look_up(read_names(raw))
        sys.stdout.write(f"{code}\t{made.score:.6f}\n" if made and made.score > 0 else "\t0\n")
    spent = time.perf_counter() - start
    print(f"{len(queries) / spent:.0f} lookups/s", file=sys.stderr)
    print(reach(register, queries), file=sys.stderr)


def reach(register: Register, queries: Iterable[Sequence[str]]) -> str:
    """Keys, read units and candidates of a query on average, and how often the expected one is a candidate."""
    keys, units, total, most, hits = 0, 0.0, 0, 0, []
    missed: Counter[str] = Counter()
    count = 0
    for kind, raw, expected in queries:
        wanted = keys_of(read_names(raw))
        candidates = register.candidates(wanted)
        count, keys, most = count + 1, keys + len(wanted), max(most, len(wanted))
        units += register.read_units(wanted)
        total += len(candidates)
        if expected:
            hits.append(any(code == expected for code, _ in candidates))
            missed[kind] += not hits[-1]
    share = sum(hits) / max(1, len(hits))
    return (
        f"keys {keys / count:.1f} (most {most}), read units {units / count:.2f}, candidates {total / count:.2f}, "
        f"expected among them {share:.2%}, missed {dict(+missed)}"
    )


def print_pairs(path: str, above: float) -> None:
    """How often the two names of each kind of pair score above the threshold, and by which relation."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, _, code, listed, _, asked in rows(path):
        made = compare(parse(asked), parse(listed, code[2:8]))
        table[kind].update({"pairs": 1, "above": int(made.score > above), made.relation: 1})
    print(f"share above {above}, and relations")
    for kind, kinds in sorted(table.items()):
        count, high = kinds.pop("pairs"), kinds.pop("above")
        relations = ", ".join(f"{name} {n / count:.1%}" for name, n in kinds.most_common())
        print(f"{kind:50} {count:6} {high / count:6.1%}   {relations}")


def print_growth(sizes: Sequence[int]) -> None:
    """The cost of a query when so many invented firms are listed; only keys that are asked for are held."""
    every = invented_names.firms(max(sizes), seed=1)
    others = invented_names.firms(1000, seed=2)
    queries = invented_names.queries(every[: min(sizes)], others, 60, seed=3)
    only = frozenset(key for _, raw, _ in queries for key in keys_of(read_names(raw)))
    for size in sorted(sizes):
        register = Register(only)
        for firm in every[:size]:
            register.add(firm.code, firm.name)
        print(f"{size:9} listed: {reach(register, queries)}")


def print_speed() -> None:
    """How many names a second are parsed, keyed and compared with twenty candidates of the same city and trade."""
    firms = invented_names.firms(20_000, seed=1)
    near: dict[str, list[invented_names.Firm]] = defaultdict(list)
    for firm in firms:
        near[firm.place[:2] + firm.trade[:2]].append(firm)
    rounds = [(near[f.place[:2] + f.trade[:2]] * 20)[:20] for f in firms[:1000]]
    names = [parse(f.name) for f in firms[:5000]]

    def whole() -> None:
        for firm, firms_compared in zip(firms, rounds, strict=False):
            readings = read_names(firm.name)
            keys_of(readings)
            for reading in readings:
                rank(reading.name, [name for f in firms_compared for name in listed_names(f.name, f.code[2:8])])

    for title, count, run in (
        ("names parsed", 20_000, lambda: [parse(f.name, f.code[2:8]) for f in firms]),
        ("lookups keyed", 5000, lambda: [asked_keys(n) for n in names]),
        ("lookups keyed, parsing included", 5000, lambda: [asked_keys(parse(f.name)) for f in firms[:5000]]),
        ("whole lookups with 20 candidates", 1000, whole),
    ):
        print(f"{title:40} {count / min(_seconds(run) for _ in range(3)):10,.0f} a second")


def _seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def frozen_lines() -> Iterator[str]:
    """Every query on a small invented register with its answer: a change of behaviour is a line of the diff."""
    listed = invented_names.firms(4000, seed=21)
    queries = invented_names.queries(listed, invented_names.firms(150, seed=22), 25, seed=23)
    queries += written_names.queries(listed, 12, seed=24)
    register = Register()
    for firm in listed:
        register.add(firm.code, firm.name)
    names = {firm.code: firm.name for firm in listed}
    yield "kind\tasked\texpected\tbest\trelation\tscore"
    for kind, raw, expected in queries:
        code, made = register.look_up(read_names(raw))
        relation, score = (made.relation, made.score) if made else ("", 0.0)
        right = "" if not expected else "right" if code == expected else f"not {names[expected]}"
        yield f"{kind}\t{raw}\t{right}\t{names.get(code, '')}\t{relation}\t{score:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("listed", nargs="?")
    parser.add_argument("queries", nargs="?")
    parser.add_argument("--pairs")
    parser.add_argument("--above", type=float, default=ACTS, help="threshold of the table of pairs")
    parser.add_argument("--growth", type=int, nargs="+", metavar="LISTED")
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--freeze", action="store_true")
    chosen = parser.parse_args()
    if chosen.pairs:
        print_pairs(chosen.pairs, chosen.above)
    elif chosen.growth:
        print_growth(chosen.growth)
    elif chosen.speed:
        print_speed()
    elif chosen.freeze:
        FROZEN.write_text("\n".join(frozen_lines()) + "\n", encoding="utf-8")
    elif chosen.queries:
        answer(rows(chosen.listed), rows(chosen.queries))
    else:
        parser.error("LISTED and QUERIES, or one of the options")


if __name__ == "__main__":
    main()
