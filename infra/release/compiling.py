"""Compiles a package to files that Python loads without a look at the source; run by the Python of the functions.

    python3.13 infra/release/compiling.py <folder of the package> <folder of Chalice>

Time stamps do not survive on Lambda, so files of the ordinary kind would be compiled at each cold start. Needs nothing
but the standard library.
"""

import compileall
import py_compile
import sys
from importlib.util import cache_from_source
from pathlib import Path

KEPT = py_compile.PycInvalidationMode.UNCHECKED_HASH


def compile_package(target: Path, chalice: Path) -> Path | None:
    """Compile code, wheels, and the part of Chalice that is shipped; the folder that does not compile, if any."""
    for folder in (target / "chalicelib", target / "vendor"):
        if not compileall.compile_dir(folder, quiet=1, invalidation_mode=KEPT, stripdir=str(target), workers=1):
            return folder
    # Chalice copies app.py and two files of its own by name; their compiled files travel in vendor/.
    for source, place in (
        (target / "app.py", target / "vendor"),
        (chalice / "__init__.py", target / "vendor/chalice"),
        (chalice / "app.py", target / "vendor/chalice"),
    ):
        compiled = Path(cache_from_source(str(place / source.name)))
        compiled.parent.mkdir(parents=True, exist_ok=True)
        name = source.name if place.name == "vendor" else f"{place.name}/{source.name}"
        py_compile.compile(str(source), str(compiled), dfile=name, doraise=True, invalidation_mode=KEPT)
    return None


if __name__ == "__main__":
    broken = compile_package(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit(f"{broken} does not compile" if broken else 0)
