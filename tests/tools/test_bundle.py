"""The offline installer installs on a machine without an index, and is complete for the others."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import dafeng
from tools import bundle

pytestmark = pytest.mark.xdist_group("bundle")  # one worker makes the archive, once

UV = subprocess.run(["sh", "tools/uv.sh"], cwd=bundle.ROOT, capture_output=True, text=True).stdout.strip()
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive for this machine, made and unpacked as a person would (permissions included)."""
    into = tmp_path_factory.mktemp("bundle")
    archive = bundle.make(UV, None, [PYTHON], into)
    with zipfile.ZipFile(archive) as made:
        for info in made.infolist():
            made.extract(info, into)
            (into / info.filename).chmod(info.external_attr >> 16)
    return into / archive.stem


def offline() -> dict[str, str]:
    """An environment in which pip can find nothing but what is handed to it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_", "PYTHON"))}
    nowhere = "http://127.0.0.1:9/simple"
    return kept | {"PIP_INDEX_URL": nowhere, "PIP_CONFIG_FILE": os.devnull, "https_proxy": nowhere}


def run(*command: str | Path, within: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=offline(), cwd=within, capture_output=True, text=True)


def test_it_installs_without_an_index_and_dafeng_answers(unpacked: Path, tmp_path: Path):
    folder = tmp_path / "新 目录"
    done = run("sh", unpacked / "install.sh", folder, within=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = run(folder / "bin" / "dafeng", "--version", within=tmp_path)
    assert asked.returncode == 0
    assert dafeng.__version__ in asked.stdout
    where = "import dafeng, psycopg, polars; print(dafeng.__file__)"
    origin = run(folder / "bin" / "python", "-c", where, within=tmp_path)
    assert origin.stdout.startswith(str(folder)), origin.stderr


def test_a_damaged_archive_is_refused_before_anything_is_installed(unpacked: Path, tmp_path: Path):
    damaged = tmp_path / "damaged"
    shutil.copytree(unpacked, damaged)
    wheel = next((damaged / "wheelhouse").glob("click-*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:-1])
    done = run("sh", damaged / "install.sh", tmp_path / "app", within=tmp_path)
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (tmp_path / "app").exists()


def test_without_a_fitting_python_it_says_which_is_needed(unpacked: Path, tmp_path: Path):
    bare = tmp_path / "bin"
    bare.mkdir()
    for program in ("sh", "dirname"):
        os.symlink(f"/bin/{program}", bare / program)
    done = subprocess.run(
        ["/bin/sh", str(unpacked / "install.sh")], env={"PATH": str(bare), "HOME": str(tmp_path)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"适用于 Python {PYTHON}" in done.stderr
    assert f"is for Python {PYTHON}" in done.stderr


def test_every_wheel_stands_in_the_checksums(unpacked: Path):
    listed = dict(reversed(line.split("  ")) for line in (unpacked / "SHA256SUMS").read_text().splitlines())
    wheels = {f"wheelhouse/{wheel.name}": wheel for wheel in (unpacked / "wheelhouse").iterdir()}
    assert listed == {name: hashlib.sha256(wheel.read_bytes()).hexdigest() for name, wheel in wheels.items()}


def test_texts_are_filled_in_and_windows_files_end_lines_as_windows_does(unpacked: Path):
    for name in ("install.sh", "install.bat", "README.txt"):
        content = (unpacked / name).read_bytes()
        assert b"@" + b"VERSION@" not in content
        assert b"@PYTHONS@" not in content
        assert dafeng.__version__.encode() in content
    bat = (unpacked / "install.bat").read_bytes()
    assert bat.count(b"\r\n") == bat.count(b"\n")
    assert b"\r" not in (unpacked / "install.sh").read_bytes()


EXPORTED = """\
click==8.1 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:bb
numpy==2.4 ; python_full_version < '3.12' \\
    --hash=sha256:cc
numpy==2.5 ; python_full_version >= '3.12' \\
    --hash=sha256:cd
only-arm==1 ; platform_machine == 'aarch64' and sys_platform == 'linux' \\
    --hash=sha256:dd
"""


def test_markers_are_judged_for_the_target_and_not_for_this_machine():
    assert bundle.for_target(EXPORTED, "windows-amd64", "3.12").splitlines() == [
        "click==8.1 --hash=sha256:aa --hash=sha256:ab",
        "colorama==0.4 --hash=sha256:bb",
        "numpy==2.5 --hash=sha256:cd",
    ]
    assert bundle.for_target(EXPORTED, "linux-arm64", "3.11").splitlines() == [
        "click==8.1 --hash=sha256:aa --hash=sha256:ab",
        "numpy==2.4 --hash=sha256:cc",
        "only-arm==1 --hash=sha256:dd",
    ]


def test_a_line_it_cannot_read_stops_the_bundle_instead_of_being_left_out():
    with pytest.raises(SystemExit, match="cannot read"):
        bundle.for_target("mine @ file:///somewhere\n", "linux-amd64", "3.11")


@pytest.mark.parametrize("platform_name", ["linux-arm64", "windows-amd64"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_every_locked_package_has_a_wheel_for_the_other_platforms(platform_name: str, python: str):
    """By the file names in uv.lock alone: nothing is downloaded."""
    locked = tomllib.loads((bundle.ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    wheels = {
        (package["name"], package.get("version")): [
            wheel["url"].rsplit("/", 1)[1].removesuffix(".whl") for wheel in package.get("wheels", ())
        ]
        for package in locked
    }
    platforms = {"any", *bundle.PLATFORMS[platform_name]["tags"]}  # type: ignore[misc]
    abis = {f"cp{python.replace('.', '')}", "abi3", "none"}

    def fits(wheel: str) -> bool:
        _, _, abi, tags = wheel.rsplit("-", 3)
        return abi in abis and not platforms.isdisjoint(tags.split("."))

    needed = bundle.for_target(bundle.locked_requirements(UV), platform_name, python).splitlines()
    assert len(needed) > 30
    pinned = [tuple(line.split()[0].split("==")) for line in needed]
    assert [package for package in pinned if not any(map(fits, wheels[package]))] == []
