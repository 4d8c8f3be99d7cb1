"""What hostile files cost: outcome, peak memory and CPU time of the process that reads and of the reader it starts.

    python -m benchmarks.hostile_files [part of a name]

Each file is made in a temporary folder and read in a process of its own, so that the peaks are those of one file.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.hostile_files.measure import Cost, measure
from benchmarks.hostile_files.texts import TEXTS
from benchmarks.hostile_files.workbooks import WORKBOOKS


def _line(name: str, size: int, cost: Cost) -> str:
    outcome = f"{cost.code} ({cost.why})" if cost.code else f"{cost.rows} rows read"
    return (
        f"| {name} | {size / 1024:,.1f} KB | {outcome} | {cost.reader_megabytes or '–'} | {cost.worker_megabytes} "
        f"| {cost.seconds:.1f} |"
    )


def main() -> None:
    """Print the table in Markdown."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    print("| File | Size | Outcome | Reader, peak MB | Worker, peak MB | CPU, s |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, make in {**WORKBOOKS, **TEXTS}.items():
            if wanted in name:
                path = Path(folder) / "file"
                make(path)
                print(_line(name, path.stat().st_size, measure(path)), flush=True)


if __name__ == "__main__":
    main()
