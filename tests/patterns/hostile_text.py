"""What texts cost that are made to be slow to read: CPU seconds, of each text at one length and at ten times that.

    python -m tests.patterns.hostile_text

Growth is held by tests/patterns; this prints how long the texts take on this machine.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from chalicelib.errors import FileRefused
from chalicelib.registry.rules.reason_codes import read_reasons
from chalicelib.reports.rules.validate_report_row import validate_row
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.values.dates import read_day

HEADER: Final = "主体名称,统一社会信用代码,清退日期,清退原因\n".encode()
ROW: Final = {"uscc": "91330602MA2DT0123B", "name": "绍兴若耶溪示例纺织有限公司", "evicted_on": "2026-11-01"}
FILES: Final[dict[str, Callable[[int], bytes]]] = {
    "JSON, line ends behind a broken value": lambda size: b"[x" + b"\n" * size,
    "JSON, blanks behind a key": lambda size: b'{"a":' + b" " * size + b"x\n",
    "CSV, quotes that never close": lambda size: HEADER + b'a"b,"c\n' * (size // 7),
    "CSV, one cell of letters": lambda size: HEADER + b"a" * size + b"!,,,\n",
}
TEXTS: Final[dict[str, Callable[[str], object]]] = {
    "a day with blanks behind it": lambda text: read_day("2026-11-01" + text.replace("a", " ") + "x"),
    "a reason of 售假": lambda text: read_reasons(text.replace("a", "售假")),
    "a report's name of 原厂": lambda text: _row(name=text.replace("a", "原厂")),
    "a report's name of brackets": lambda text: _row(name=text.replace("a", "(")),
    "a report's address of digits": lambda text: _row(shop_address="文一路" + text.replace("a", "1")),
}


def _row(**cells: str) -> object:
    return validate_row(
        1, {**ROW, "reason_text": "假冒", **cells}, today=date(2026, 11, 27), digest=lambda _kind, _: "d"
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    with suppress(ValueError, FileRefused):
        work()
    return time.process_time() - start


def _read(content: bytes) -> Callable[[], object]:
    path = Path(tempfile.mkdtemp()) / "file"
    path.write_bytes(content)
    return lambda: sum(1 for _ in read_table_file(path, "file"))


def main() -> None:
    """Print a line for each text: its two lengths and how long they take."""
    for name, make in FILES.items():
        seconds = [_seconds(_read(make(size))) for size in (14_000, 140_000)]
        sys.stdout.write(f"{name:<40} 14 KB {seconds[0]:.3f} s   140 KB {seconds[1]:.3f} s\n")
    for name, read in TEXTS.items():
        seconds = [_seconds(lambda size=size, read=read: read("a" * size)) for size in (1_600, 16_000)]  # type: ignore[misc]
        sys.stdout.write(f"{name:<40} 1,600 {seconds[0]:.3f} s  16,000 {seconds[1]:.3f} s\n")


if __name__ == "__main__":
    main()
