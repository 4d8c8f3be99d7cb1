"""`python tables/vendor_htmx.py`: fetch the script of others that the console uses, and check it by its hashes.

The version and the hashes are in `assets/vendored.json`; npm's registry is asked for exactly that package. To take a
newer version, change `version` and `integrity` there (`npm view htmx.org@<version> dist.integrity`), run this, and keep
what it writes.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).parent.parent / "chalicelib" / "handlers" / "console" / "assets"
VENDORED: Final = ASSETS / "vendored.json"
SECONDS: Final = 120


def main() -> int:
    """Fetch every file anew; 1 where a package is not what its hash says."""
    vendored = json.loads(VENDORED.read_text("utf-8"))
    for name, source in vendored.items():
        content = _fetched(source)
        if content is None:
            print(f"{source['package']} {source['version']} is not what its integrity says", file=sys.stderr)
            return 1
        (ASSETS / name).write_bytes(content)
        source["sha256"] = hashlib.sha256(content).hexdigest()
    VENDORED.write_text(json.dumps(vendored, indent=2) + "\n", "utf-8")
    return 0


def _fetched(source: dict[str, str]) -> bytes | None:
    """The file of a package, None where the package has another hash."""
    with tempfile.TemporaryDirectory() as folder:
        package = f"{source['package']}@{source['version']}"
        made = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, timeout=SECONDS
        )
        archive = Path(folder) / made.stdout.decode().strip()
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != source["integrity"]:
            return None
        with tarfile.open(archive) as files:
            member = files.extractfile(f"package/{source['file']}")
            return member.read() if member else None


if __name__ == "__main__":
    sys.exit(main())
