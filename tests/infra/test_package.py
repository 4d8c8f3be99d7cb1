"""The package that Lambda gets: small, loadable there, compiled, and complete."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.packaging import (
    ARCHITECTURES,
    RUNTIME_VERSION,
    SERVICES,
    build,
    compile_all,
    find_python,
    platforms,
    prune_services,
    runtime_glibc,
    zip_package,
)
from tests.infra.project import ROOT

# Loaded by the Python that runs the tests; the deploy asks for the functions' Python instead.
HERE = sys.version_info[:2]
MOST_ZIPPED = 29_000_000
MOST_UNZIPPED = 81_000_000
NEVER_SHIPPED = ("moto", "pytest", "click", "pip")
COMPILED = {
    "Cryptodome",
    "_cffi_backend",
    "cryptography",
    "markupsafe",
    "pydantic_core",
    "python_calamine",
    "rapidfuzz",
}
HEAVY = (
    *("pydantic", "rapidfuzz", "boto3", "botocore.session", "python_calamine", "cryptography", "jwt", "gmssl"),
    *("Cryptodome", "jinja2", "segno", "chinese_calendar"),
)
COLD = f"""
import sys, time
start = time.perf_counter()
import app
print(round(1000 * (time.perf_counter() - start)), *(name for name in {HEAVY!r} if name in sys.modules))
"""
COMPLETE = f"""
import app, chalicelib.handlers.requests.fields, pydantic, python_calamine, rapidfuzz.fuzz
import boto3, chinese_calendar, cryptography.x509, gmssl.sm2, jinja2, jwt, segno
for service in {SERVICES!r}:
    boto3.client(service, region_name="cn-north-1")
print(rapidfuzz.fuzz.ratio.__module__, boto3.__version__, boto3.__file__)
"""


# The functions run on arm64; the other can be set.
@pytest.fixture(scope="module", params=["arm64", pytest.param("x86_64", marks=pytest.mark.long)])
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Architecture and the zip, made as the deploy makes it."""
    architecture: str = request.param
    target = build(ROOT, tmp_path_factory.mktemp(architecture) / "build", architecture, version=HERE)
    return architecture, zip_package(target, architecture)


def newest_glibc(binary: bytes) -> tuple[int, int]:
    """The newest version of the C library whose symbols a binary asks for."""
    versions = re.findall(rb"GLIBC_(\d+)\.(\d+)", binary)
    return max(((int(major), int(minor)) for major, minor in versions), default=(0, 0))


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_lambda_can_load_every_binary(package: tuple[str, Path]) -> None:
    architecture, path = package
    with zipfile.ZipFile(path) as zipped:
        binaries = [name for name in zipped.namelist() if name.endswith(".so")]
        assert {re.split("[/.]", name)[0] for name in binaries} == COMPILED
        for name in binaries:
            content = zipped.read(name)
            assert newest_glibc(content) <= runtime_glibc(HERE), name
            # The machine in the header of an ELF file: 0xB7 is AArch64, 0x3E is x86-64.
            assert content[18] == {"arm64": 0xB7, "x86_64": 0x3E}[architecture], name
        wheels = [name for name in zipped.namelist() if name.endswith(".dist-info/WHEEL")]
        tags = {line for name in wheels for line in zipped.read(name).decode().splitlines() if line.startswith("Tag:")}
    machine = ARCHITECTURES[architecture]
    assert all(tag.endswith("-any") or ("manylinux" in tag and tag.endswith(machine)) for tag in tags), tags


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_the_package_is_small_and_holds_nothing_that_lambda_brings(package: tuple[str, Path]) -> None:
    architecture, path = package
    with zipfile.ZipFile(path) as zipped:
        names, unzipped = zipped.namelist(), sum(member.file_size for member in zipped.infolist())
    print(f"{architecture}: {path.stat().st_size / 1e6:.1f} MB zipped, {unzipped / 1e6:.1f} MB unzipped")  # noqa: T201
    assert path.stat().st_size < MOST_ZIPPED
    assert unzipped < MOST_UNZIPPED
    roots = {name.partition("/")[0] for name in names}
    assert not roots & set(NEVER_SHIPPED)
    assert {name for name in names if name.startswith("chalice/") and name.endswith(".py")} == {
        "chalice/__init__.py",
        "chalice/app.py",
    }
    assert len(set(names)) == len(names)


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_every_source_travels_with_its_compiled_file(package: tuple[str, Path]) -> None:
    _, path = package
    with zipfile.ZipFile(path) as zipped:
        names = set(zipped.namelist())
        compiled = {name for name in names if name.endswith(".pyc")}
        # The second word of the header: 1 says hashed, and that the source is not checked.
        assert {zipped.read(name)[4:8] for name in compiled} == {b"\x01\x00\x00\x00"}
    tag = sys.implementation.cache_tag
    for source in (name for name in names if name.endswith(".py")):
        folder, _, module = source.rpartition("/")
        where = f"{folder}/__pycache__/" if folder else "__pycache__/"
        assert f"{where}{module.removesuffix('.py')}.{tag}.pyc" in compiled, source


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_the_package_runs_without_anything_installed(package: tuple[str, Path], tmp_path: Path) -> None:
    architecture, path = package
    if os.uname().machine != ARCHITECTURES[architecture]:
        pytest.skip("made for another machine")
    with zipfile.ZipFile(path) as zipped:
        zipped.extractall(tmp_path)
    # -S: no site-packages, so what is not in the zip is not there at all.
    command = [sys.executable, "-S", "-B", "-c", COMPLETE]
    environment = {"RAPIDFUZZ_IMPLEMENTATION": "cpp", "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        command, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    module, version, place = run.stdout.split()
    assert module.startswith("rapidfuzz.fuzz_cpp")
    # The version of the tests, and not the one that the runtime brings: the package's folder comes first on the path.
    assert f"boto3=={version}" in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert Path(place).is_relative_to(tmp_path)


def test_pages_travel_with_the_code(tmp_path: Path) -> None:
    package = zip_package(build(ROOT, tmp_path / "build", "arm64", vendor=False, version=HERE), "arm64")
    with zipfile.ZipFile(package) as zipped:
        names = set(zipped.namelist())
    pages = {
        f"chalicelib/handlers/pages/templates/{path.name}"
        for path in (ROOT / "chalicelib/handlers/pages/templates").iterdir()
    }
    assert "chalicelib/handlers/pages/templates/licence.html" in pages
    assert pages <= names


def test_importing_the_app_loads_nothing_heavy(tmp_path: Path) -> None:
    target = tmp_path / "build"
    build(ROOT, target, "arm64", vendor=False, version=HERE)
    command = [sys.executable, "-B", "-c", COLD]
    environment = {**os.environ, "PYTHONPATH": str(target)}
    run = subprocess.run(command, check=False, cwd=target, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    milliseconds, *heavy = run.stdout.split()
    print(f"import app: {milliseconds} ms")  # noqa: T201
    assert heavy == []


def test_only_wheels_for_the_runtime_are_asked_for() -> None:
    assert platforms("arm64")[0] == f"manylinux_2_{runtime_glibc()[1]}_aarch64"
    assert platforms("x86_64")[-2:] == ["manylinux_2_17_x86_64", "manylinux2014_x86_64"]
    assert (runtime_glibc((3, 11)), runtime_glibc((3, 12)), runtime_glibc()) == ((2, 26), (2, 34), (2, 34))
    assert RUNTIME_VERSION == (3, 13)


def test_every_service_that_functions_call_is_shipped() -> None:
    """And no other: descriptions of all services of AWS would double the package."""
    called = set()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        called |= set(re.findall(r"""\bclient\(["']([a-z0-9-]+)["']\)""", path.read_text("utf-8")))
    assert called == set(SERVICES)


def test_other_services_are_left_out(tmp_path: Path) -> None:
    for place in (
        "boto3/examples/ec2.rst",
        "boto3/data/ec2/1/a.json",
        "boto3/data/s3/1/a.json",
        "botocore/data/a.json",
    ):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    for place in ("botocore/data/ec2/1/a", "botocore/data/sqs/1/a", "botocore/data/sqs/1/examples-1.json"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).touch()
    prune_services(tmp_path)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"boto3/data/s3/1/a.json", "botocore/data/a.json", "botocore/data/sqs/1/a"}


def test_code_that_does_not_compile_stops_the_deploy(tmp_path: Path) -> None:
    from infra.aws import DeployError

    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib/broken.py").write_text("def (:\n")
    with pytest.raises(DeployError, match="does not compile"):
        compile_all(tmp_path, HERE)


def test_a_python_that_is_absent_is_not_found_and_nothing_is_compiled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert find_python((3, 99)) is None
    compile_all(tmp_path, (3, 99))
    assert "python3.99 is not here" in capsys.readouterr().out


def test_wheels_are_those_of_the_functions_python() -> None:
    """Every runtime dependency is pinned, so the wheels of two machines are the same."""
    pinned = [line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if line[:1].isalpha()]
    assert pinned
    assert all("==" in line for line in pinned)
