"""Read one file in a process of its own, and say what it cost: `python -m benchmarks.hostile_files.measure FILE`."""

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from chalicelib.errors import FileRefused
from chalicelib.table_files.read_table_file import read_table_file


@dataclass(frozen=True, slots=True)
class Cost:
    """What reading a file came to: the code of its refusal ("" for none), and why; rows; peaks in MB; CPU seconds.

    The worker is the process that wants the rows; the reader the one that it starts for a workbook (0 for a text).
    """

    code: str
    why: str
    rows: int
    worker_megabytes: int
    reader_megabytes: int
    seconds: float


def measure(path: Path) -> Cost:
    """Read the file in a new process."""
    command = [sys.executable, "-m", "benchmarks.hostile_files.measure", str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Cost(**json.loads(output.splitlines()[-1]))


def _read(path: Path) -> Cost:
    code, why, rows = "", "", 0
    try:
        for _row in read_table_file(path, path.name):
            rows += 1
    except FileRefused as refusal:
        code, why = str(refusal.code), str(refusal.details.get("why", ""))
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    status = Path("/proc/self/status").read_text().splitlines()
    # ru_maxrss still counts what the parent held when this process was made.
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    seconds = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return Cost(code, why, rows, peak >> 10, children.ru_maxrss >> 10, round(seconds, 2))


if __name__ == "__main__":
    print(json.dumps(asdict(_read(Path(sys.argv[1])))))
