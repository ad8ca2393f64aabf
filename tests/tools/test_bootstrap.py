"""uv is found or set up on machines that lack one thing or another, and what is missing is said plainly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("sh", "dirname", "sed", "mkdir", "rm", "cat", "id")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A project folder with only the script, and a PATH of its own in ``bin`` (no uv, no apt-get, no python3)."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "uv.sh", tmp_path / "tools")
    (tmp_path / "bin").mkdir()
    for program in NEEDED:
        found = shutil.which(program, path="/usr/bin:/bin")
        assert found
        os.symlink(found, tmp_path / "bin" / program)
    return tmp_path


def program(machine: Path, name: str, script: str) -> None:
    path = machine / "bin" / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def python_without(machine: Path, *refused: str) -> None:
    """A python3 that is this one, but lacks the named modules as Debian's may."""
    real = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    cases = "".join(
        f'[ "$1 $2" = "-m {module}" ] && {{ echo "No module named {module}" >&2; exit 1; }}\n' for module in refused
    )
    program(machine, "python3", f'{cases}exec "{real}" "$@"')


def uv_sh(machine: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key.startswith("PIP_") or key.endswith("_proxy")}
    environment |= {"PATH": str(machine / "bin"), "HOME": os.environ.get("HOME", "/"), **more}
    return subprocess.run(
        ["/bin/sh", str(machine / "tools" / "uv.sh")], env=environment, capture_output=True, text=True
    )


def answers(uv: str) -> bool:
    return subprocess.run([uv, "--version"], capture_output=True, text=True).stdout.startswith("uv ")


def test_a_uv_on_the_path_is_used_as_it_is(machine: Path):
    program(machine, "uv", "echo 'uv 0.9.1 (abc 2026-01-01)'")
    done = uv_sh(machine)
    assert (done.returncode, done.stdout.strip()) == (0, str(machine / "bin" / "uv"))
    assert not (machine / ".tools").exists()


def test_a_uv_that_is_too_old_is_passed_over_and_one_is_set_up_in_a_venv(machine: Path):
    program(machine, "uv", "echo 'uv 0.4.30'")
    python_without(machine)
    done = uv_sh(machine)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(machine / ".tools" / "venv" / "bin" / "uv")
    assert answers(done.stdout.strip())
    assert uv_sh(machine).stderr == "", "the second time it is there and nothing is said"


def test_a_shim_that_only_looks_like_uv_is_passed_over(machine: Path):
    program(machine, "uv", "echo 'uv: command not found' >&2; exit 127")
    python_without(machine, "venv", "pip")
    program(machine, "id", "echo 1000")
    assert uv_sh(machine).returncode == 1


def test_without_venv_uv_comes_through_pip(machine: Path):
    python_without(machine, "venv")
    done = uv_sh(machine)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(machine / ".tools" / "target" / "bin" / "uv")
    assert answers(done.stdout.strip())


def test_without_venv_and_pip_it_names_the_package_to_install(machine: Path):
    python_without(machine, "venv", "pip")
    program(machine, "id", "echo 1000")
    done = uv_sh(machine)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "请先执行：sudo apt-get install python3-venv" in done.stderr
    assert "First: sudo apt-get install python3-venv" in done.stderr


def test_an_old_python_is_named_with_the_version_that_is_needed(machine: Path):
    program(machine, "python3", "exit 1")
    done = uv_sh(machine)
    assert done.returncode == 1
    assert "需要 Python 3.11" in done.stderr
    assert "Python 3.11 or newer is needed" in done.stderr


def test_without_network_it_shows_what_pip_said_and_names_the_offline_installer(machine: Path):
    python_without(machine)
    program(machine, "id", "echo 1000")
    done = uv_sh(machine, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(machine / "bin"))
    assert done.returncode == 1
    assert "make bundle" in done.stderr
    assert "No matching distribution" in done.stderr
