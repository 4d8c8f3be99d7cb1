"""The cost of reading a report: CPU time per row and peak memory, from the bytes of a file to its evictions.

    python -m benchmarks.reading [rows]

Files of invented merchants with seven columns are written to a temporary folder; each is read in a process of its
own, so that the peak is that of one file. CPU time is the process's own (user and system), in this process's clock.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

from chalicelib.reports.rules.eviction import Eviction
from chalicelib.reports.rules.validate_report_row import take_row
from chalicelib.table_files.read_table_file import read_table_file
from chalicelib.values.organisation_codes import ALPHABET, is_valid_org_code, uscc_check_character

HEADER = ("店铺名称", "店铺ID", "主体名称", "统一社会信用代码", "清退时间", "清退原因", "处理措施")
REASONS = ("销售三无产品", "虚假宣传", "刷单炒信", "无证经营食品", "销售假冒注册商标商品", "哄抬防疫物资价格")
KEYS = ("shop_name", "shop_id", "name", "uscc", "evicted_on", "reason_text", "measure")
_NS = "http://schemas.openxmlformats.org"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    chance = random.Random(20210701)
    for number in range(count):
        body = "MA" + "".join(chance.choices(ALPHABET, k=6))
        org = next(body + c for c in "0123456789X" if is_valid_org_code(body + c))
        code = "91320594" + org
        day = f"2021-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        reason = REASONS[number % 6] + (f"（工单{number}）" if number % 10 == 0 else "")
        yield (
            f"霁昱{number}号旗舰店",
            f"S{number}",
            f"苏州霁昱{number}号商贸有限公司",
            code + uscc_check_character(code),
            day,
            reason,
            "永久清退",
        )


def write_text(path: Path, count: int, encoding: str, quote: str = "") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        for cells in chain((HEADER,), rows(count)):
            file.write(",".join(f"{quote}{cell}{quote}" for cell in cells) + "\r\n")


def write_json(path: Path, count: int, *, lines: bool) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("" if lines else "[")
        for number, cells in enumerate(rows(count)):
            separator = ("\n" if lines else ",") if number else ""
            file.write(separator + json.dumps(dict(zip(KEYS, cells, strict=True)), ensure_ascii=False))
        file.write("" if lines else "]")


def write_workbook(path: Path, count: int) -> None:
    """An XLSX with shared strings, as Excel writes it; made by hand because openpyxl takes minutes."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="r" Type="{_NS}'
            '/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_NS}/spreadsheetml/2006/main" xmlns:r="{_NS}/officeDocument/2006/relationships">'
            '<sheets><sheet name="清退" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_NS}/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{_NS}/officeDocument/2006/relationships/worksheet" '
            'Target="worksheets/s.xml"/>'
            f'<Relationship Id="r2" Type="{_NS}/officeDocument/2006/relationships/sharedStrings" '
            'Target="sharedStrings.xml"/></Relationships>',
        )
        with archive.open("xl/worksheets/s.xml", "w", force_zip64=True) as part:
            part.write(f'<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetData>'.encode())
            for number, cells in enumerate(chain((HEADER,), rows(count)), 1):
                line = "".join(
                    f'<c r="{"ABCDEFG"[place]}{number}" t="s"><v>{strings.setdefault(cell, len(strings))}</v></c>'
                    for place, cell in enumerate(cells)
                )
                part.write(f'<row r="{number}">{line}</row>'.encode())
            part.write(b"</sheetData></worksheet>")
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst xmlns="{_NS}/spreadsheetml/2006/main">'.encode())
            for text in strings:
                part.write(f"<si><t>{text}</t></si>".encode())
            part.write(b"</sst>")


FILES: dict[str, Callable[[Path, int], None]] = {
    "utf8.csv": partial(write_text, encoding="utf-8"),
    "gb18030.csv": partial(write_text, encoding="gb18030"),
    "utf16.csv": partial(write_text, encoding="utf-16"),
    "quoted.csv": partial(write_text, encoding="utf-8", quote='"'),
    "lines.jsonl": partial(write_json, lines=True),
    "array.json": partial(write_json, lines=False),
    "shared.xlsx": write_workbook,
}


def peak_kilobytes() -> int:
    """The most memory of this process: ru_maxrss on Linux still counts what its parent held when it was made."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(path: Path) -> None:
    """Read a file and print the cost."""

    def digest(_kind: str, value: str) -> str:
        return value[:1]

    today = date(2026, 1, 1)
    start = time.process_time()
    read = sum(1 for _record in read_table_file(path, path.name))
    reading = time.process_time() - start
    start = time.process_time()
    taken = accepted = 0
    for record in read_table_file(path, path.name):
        taken += 1
        accepted += isinstance(
            take_row(record.number, record.cells, today=today, digest=digest, headers=record.headers), Eviction
        )
    whole = time.process_time() - start
    peak = peak_kilobytes() / 1024
    print(
        f"{path.name:18} {read:>9} rows {accepted:>9} accepted  read {reading / read * 1e6:6.1f} µs/row"
        f"  whole {whole / taken * 1e6:6.1f} µs/row  {taken / whole:>8,.0f} rows/s  peak {peak:4.0f} MB"
        f"  file {path.stat().st_size / 1e6:5.0f} MB"
    )


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == "--file":
        measure(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        for name, write in FILES.items():
            path = Path(folder) / name
            write(path, count)
            subprocess.run([sys.executable, "-m", "benchmarks.reading", "--file", str(path)], check=True)
            path.unlink()


if __name__ == "__main__":
    main()
