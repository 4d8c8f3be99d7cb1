"""The folder that Chalice zips: the project's code and its wheels, compiled, made for Lambda.

Chalice would build here what has no wheel, ship binaries that Lambda cannot load, and leave out the compiled
files, whose lack makes the longest part of a cold start. So wheels for the right platform are fetched into
`vendor/`, everything is compiled, and Chalice finds an empty requirements.txt.
"""

import io
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from chalice.deploy.packager import DependencyBuilder, LambdaDeploymentPackager
from chalice.utils import UI, OSUtils

from infra.aws import DeployError, run
from infra.release.chalice_client import RUNTIME
from infra.release.compiling import compile_package

Version = tuple[int, ...]
RUNTIME_VERSION: Final[Version] = tuple(int(part) for part in RUNTIME.removeprefix("python").split("."))
COMPILING: Final = Path(__file__).parent / "release/compiling.py"
ARCHITECTURES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
# Chalice adds the part of itself that runs on Lambda; the rest of it stays at home.
NOT_SHIPPED: Final = "chalice"
PIP_SECONDS: Final = 600
# What the functions call. botocore describes 400 services in 15 MB of the zip; these are a tenth of one.
SERVICES: Final = ("dynamodb", "lambda", "s3", "secretsmanager", "sns", "sqs")


def runtime_glibc(version: Version = RUNTIME_VERSION) -> tuple[int, int]:
    """The C library under a Python on Lambda: Amazon Linux 2 to 3.11, then Amazon Linux 2023."""
    return (2, 26) if version < (3, 12) else (2, 34)


def build(
    project: Path, target: Path, architecture: str, *, vendor: bool = True, version: Version = RUNTIME_VERSION
) -> Path:
    """Lay out the project under `target`, ready for `chalice deploy`; an older layout is replaced.

    Wheels and compiled files are those for `version`, the functions' Python, whichever Python runs this.
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
        fetch_wheels(project, vendored, architecture, version)
    compile_all(target, version)
    return target


def fetch_wheels(project: Path, vendored: Path, architecture: str, version: Version = RUNTIME_VERSION) -> None:
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
    command += ["--implementation", "cp", "--python-version", f"{version[0]}.{version[1]}"]
    for platform in platforms(architecture, version):
        command += ["--platform", platform]
    run(command, cwd=project, env=os.environ, seconds=PIP_SECONDS)
    shutil.rmtree(vendored / "bin", ignore_errors=True)
    prune_services(vendored)


def prune_services(vendored: Path) -> None:
    """Leave out of boto3 and botocore the services that no function calls, examples, and documentation."""
    shutil.rmtree(vendored / "boto3/examples", ignore_errors=True)
    for data in (vendored / "boto3/data", vendored / "botocore/data"):
        for folder in [entry for entry in data.iterdir() if entry.is_dir() and entry.name not in SERVICES]:
            shutil.rmtree(folder)
        for examples in list(data.rglob("examples-1.json*")):
            examples.unlink()


def platforms(architecture: str, version: Version = RUNTIME_VERSION) -> list[str]:
    """The wheel platforms that the runtime can load, the newest first."""
    machine = ARCHITECTURES[architecture]
    newest = runtime_glibc(version)[1]
    return [f"manylinux_2_{minor}_{machine}" for minor in range(newest, 16, -1)] + [f"manylinux2014_{machine}"]


def compile_all(target: Path, version: Version = RUNTIME_VERSION) -> None:
    """Compile code, wheels and Chalice's runtime for a Python; without that Python here, they are left uncompiled."""
    chalice = Path(str(find_spec("chalice").origin)).parent  # type: ignore[union-attr]
    if version == sys.version_info[:2]:
        broken = compile_package(target, chalice)
        if broken:
            raise DeployError(f"{broken} does not compile")
        return
    python = find_python(version)
    if python is None:
        print(f"! python{version[0]}.{version[1]} is not here: the package is not compiled, cold starts take longer")
        return
    run([python, str(COMPILING), str(target), str(chalice)], cwd=target, env=os.environ, seconds=PIP_SECONDS)


def find_python(version: Version) -> str | None:
    """A Python of that version that really starts (a shim of an absent version does not); None without one."""
    name = shutil.which(f"python{version[0]}.{version[1]}")
    if name is None:
        return None
    try:
        started = subprocess.run([name, "-c", ""], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return name if started.returncode == 0 else None


def zip_package(target: Path, architecture: str) -> Path:
    """The very zip that `chalice deploy` sends, made of the folder that `build` made."""
    osutils = OSUtils()
    builder = DependencyBuilder(osutils, architecture=architecture)
    packager = LambdaDeploymentPackager(osutils, builder, UI(io.StringIO()), architecture)
    return Path(packager.create_deployment_package(str(target), RUNTIME))


def main() -> int:
    """Make the package and say how large it is: `python -m infra.packaging [architecture]`."""
    project = Path(__file__).resolve().parent.parent
    architecture = sys.argv[1] if sys.argv[1:] else "arm64"
    package = zip_package(build(project, project / "build/package", architecture), architecture)
    print(f"{package}: {package.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
