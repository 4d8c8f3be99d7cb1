"""How often probing is recognised, and how often honest platforms are accused: `python -m tests.probing.rates`.

Invented platforms live five weeks; the last of these is lived in each of the ways that are counted.
"""

import sys
from collections import Counter

from tests.probing.habits import HABITS, Platforms

KINDS = ("in sequence", "codes without checks", "random codes", "resident IDs", "phones", "names from a list")
# A large, a small and a very small platform, and one of sellers who are persons.
PROBERS = (0, 2, 5, 3)


def run(seeds: int) -> dict[str, tuple[int, int]]:
    """Of each way, in how many cases the platform was suspected, and in how many it was tried."""
    suspected: Counter[str] = Counter()
    tried: Counter[str] = Counter()

    def count(name: str, signals: object) -> None:
        tried[name] += 1
        suspected[name] += bool(signals)

    for seed in range(seeds):
        platforms = Platforms(seed)
        for place in range(len(HABITS)):
            count("honest: ordinary weeks", platforms.signals(place))
            count("honest: open season", platforms.signals(place, platforms.season(place)))
            count("honest: campaign for persons", platforms.signals(place, platforms.persons(place)))
            count("honest: a market moves online", platforms.signals(place, platforms.market_joins(place)))
            count("honest: recheck", platforms.signals(place, platforms.recheck(place)))
        for kind in KINDS:
            for place in PROBERS:
                count(f"{kind}: 400 on a day", platforms.signals(place, platforms.at_once(place, kind)))
                count(f"{kind}: 50 a day for a week", platforms.signals(place, platforms.slowly(place, kind)))
            count(f"{kind}: a new platform", platforms.signals(0, platforms.newcomer(kind), new=True))
    return {name: (suspected[name], tried[name]) for name in tried}


if __name__ == "__main__":
    for name, (suspected, tried) in run(int(sys.argv[1]) if len(sys.argv) > 1 else 10).items():
        sys.stdout.write(f"{name:45} {suspected:4} of {tried}\n")
