"""The folder that Chalice zips: the project's code and its wheels, compiled, made for Lambda.

Chalice would build here what has no wheel, ship binaries that Lambda cannot load, and leave out the compiled
files, whose lack makes the longest part of a cold start. So wheels for the right platform are fetched into
`vendor/`, everything is compiled, and Chalice finds an empty requirements.txt.
"""

import compileall
import io
import os
import py_compile
import shutil
import sys
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from typing import Final

from chalice.deploy.packager import DependencyBuilder, LambdaDeploymentPackager
from chalice.utils import UI, OSUtils

from infra.aws import DeployError, run

ARCHITECTURES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
# Chalice adds the part of itself that runs on Lambda; the rest of it stays at home.
NOT_SHIPPED: Final = "chalice"
PIP_SECONDS: Final = 600


def runtime_glibc() -> tuple[int, int]:
    """The C library under this Python on Lambda: Amazon Linux 2 to 3.11, then Amazon Linux 2023."""
    return (2, 26) if sys.version_info < (3, 12) else (2, 34)


def build(project: Path, target: Path, architecture: str, *, vendor: bool = True) -> Path:
    """Lay out the project under `target`, ready for `chalice deploy`; an older layout is replaced.

    `vendor=False` leaves the wheels out (the rehearsal has them installed). The state of what is deployed
    stays in the project's own `.chalice/deployed`.
    """
    if (target / ".chalice").exists():
        shutil.rmtree(target)
    (target / ".chalice").mkdir(parents=True)
    (project / ".chalice/deployed").mkdir(exist_ok=True)
    (target / ".chalice/deployed").symlink_to((project / ".chalice/deployed").resolve())
    shutil.copy2(project / ".chalice/config.json", target / ".chalice")
    if (project / ".chalice/policies").exists():
        shutil.copytree(project / ".chalice/policies", target / ".chalice/policies")
    shutil.copy2(project / "app.py", target)
    shutil.copytree(project / "chalicelib", target / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    (target / "requirements.txt").write_text("")
    vendored = target / "vendor"
    vendored.mkdir()
    if vendor:
        fetch_wheels(project, vendored, architecture)
    compile_all(target)
    return target


def fetch_wheels(project: Path, vendored: Path, architecture: str) -> None:
    """Install the pinned wheels of `requirements.txt` for Lambda; a package without a fitting wheel fails."""
    wanted = [
        line
        for line in (project / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith(("#", "-", NOT_SHIPPED))
    ]
    listed = vendored.parent / "vendored.txt"
    listed.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--timeout", "30", "--retries", "3", "--only-binary", ":all:", "--target", str(vendored)]
    command += ["--requirement", str(listed), "--constraint", str(project / "constraints.txt")]
    for platform in platforms(architecture):
        command += ["--platform", platform]
    run(command, cwd=project, env=os.environ, seconds=PIP_SECONDS)
    shutil.rmtree(vendored / "bin", ignore_errors=True)


def platforms(architecture: str) -> list[str]:
    """The wheel platforms that the runtime can load, the newest first."""
    machine = ARCHITECTURES[architecture]
    newest = runtime_glibc()[1]
    return [f"manylinux_2_{minor}_{machine}" for minor in range(newest, 16, -1)] + [f"manylinux2014_{machine}"]


def compile_all(target: Path) -> None:
    """Compile code, wheels and Chalice's runtime to files that Python loads without a look at the source.

    Time stamps do not survive on Lambda, so files of the ordinary kind would be compiled at each cold start.
    """
    kept = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for folder in (target / "chalicelib", target / "vendor"):
        if not compileall.compile_dir(folder, quiet=1, invalidation_mode=kept, stripdir=str(target), workers=1):
            raise DeployError(f"{folder} does not compile")
    # Chalice copies app.py and two files of its own by name; their compiled files travel in vendor/.
    chalice = Path(str(find_spec("chalice").origin)).parent  # type: ignore[union-attr]
    for source, place in (
        (target / "app.py", target / "vendor"),
        (chalice / "__init__.py", target / "vendor/chalice"),
        (chalice / "app.py", target / "vendor/chalice"),
    ):
        compiled = Path(cache_from_source(str(place / source.name)))
        compiled.parent.mkdir(parents=True, exist_ok=True)
        name = source.name if place.name == "vendor" else f"{place.name}/{source.name}"
        py_compile.compile(str(source), str(compiled), dfile=name, doraise=True, invalidation_mode=kept)


def zip_package(target: Path, architecture: str) -> Path:
    """The very zip that `chalice deploy` sends, made of the folder that `build` made."""
    osutils = OSUtils()
    builder = DependencyBuilder(osutils, architecture=architecture)
    packager = LambdaDeploymentPackager(osutils, builder, UI(io.StringIO()), architecture)
    runtime = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return Path(packager.create_deployment_package(str(target), runtime))


def main() -> int:
    """Make the package and say how large it is: `python -m infra.packaging [architecture]`."""
    project = Path(__file__).resolve().parent.parent
    architecture = sys.argv[1] if sys.argv[1:] else "arm64"
    package = zip_package(build(project, project / "build/package", architecture), architecture)
    print(f"{package}: {package.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
