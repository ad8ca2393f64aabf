"""Makes the offline installer: dist/dafeng-VERSION-offline[-PLATFORM].zip.

    python tools/bundle.py --uv uv [--platform linux-amd64|linux-arm64|windows-amd64] [--python 3.11,3.12]

The archive holds our wheel, the wheel of every locked package, pip's own wheel (so that the target needs no
pip), an installer for Linux and one for Windows, and a note in both languages. Packages are those of uv.lock
and are checked against its hashes while they are downloaded. Without --platform it is for this machine.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "tools" / "bundle"

# glibc 2.28 is what Kylin V10 and UOS 20 have; a wheel for an older glibc runs on every newer one.
GLIBC_MINORS = (28, 27, 26, 24, 17, 12, 5)
LINUX_ALIASES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}


def _linux(machine: str) -> dict[str, object]:
    tags = [f"manylinux_2_{minor}_{machine}" for minor in GLIBC_MINORS]
    tags += [f"{alias}_{machine}" for alias in LINUX_ALIASES.values()]
    tags.append(f"linux_{machine}")
    return {"tags": tags, "markers": _markers("linux", "Linux", "posix", machine)}


def _markers(sys_platform: str, system: str, os_name: str, machine: str) -> dict[str, str]:
    return {
        "sys_platform": sys_platform,
        "platform_system": system,
        "os_name": os_name,
        "platform_machine": machine,
    }


PLATFORMS: dict[str, dict[str, object]] = {
    "linux-amd64": _linux("x86_64"),
    "linux-arm64": _linux("aarch64"),
    "windows-amd64": {"tags": ["win_amd64"], "markers": _markers("win32", "Windows", "nt", "AMD64")},
}


def this_platform() -> str:
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
    name = f"{platform.system().lower()}-{machine.get(platform.machine().lower(), platform.machine())}"
    if name not in PLATFORMS:
        raise SystemExit(f"no installer for {name}; name another with --platform: {', '.join(PLATFORMS)}")
    return name


def locked_requirements(uv: str) -> str:
    """Every locked package of the core install with its hashes, as ``uv export`` writes them."""
    command = [uv, "export", "--locked", "--quiet", "--no-dev", "--no-emit-project", "--no-header"]
    command += ["--no-annotate", "--extra", "postgresql"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def for_target(exported: str, platform_name: str, python: str) -> str:
    """Those of the exported packages that the target needs, one a line with its hashes.

    pip would judge markers by this machine, so they are judged here for the target."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        **dict(PLATFORMS[platform_name]["markers"]),  # type: ignore[call-overload]
    }
    kept = []
    for requirement in re.sub(r"\\\n\s*", " ", exported).splitlines():
        parts = re.fullmatch(r"(\S+==\S+)(?: ; (.*?))?((?: +--hash=\S+)+)", requirement.strip())
        if parts is None:
            raise SystemExit(f"cannot read the exported line: {requirement[:100]}")
        name, marker, hashes = parts.groups()
        if marker is None or Marker(marker).evaluate(environment):
            kept.append(" ".join([name, *hashes.split()]))
    return "\n".join(kept) + "\n"


def download(requirements: str, platform_name: str, python: str, wheelhouse: Path) -> None:
    """Downloads the wheels of the target into ``wheelhouse``; pip checks every hash."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "requirements.txt"
        file.write_text(requirements, encoding="utf-8")
        target = ["--python-version", python, "--implementation", "cp", "--only-binary", ":all:", "--no-deps"]
        for abi in (f"cp{python.replace('.', '')}", "abi3", "none"):
            target += ["--abi", abi]
        for tag in PLATFORMS[platform_name]["tags"]:  # type: ignore[attr-defined]
            target += ["--platform", tag]
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--dest", str(wheelhouse), *target]
        subprocess.run([*pip, "--require-hashes", "--requirement", str(file)], check=True)
        subprocess.run([*pip, f"pip=={version('pip')}"], check=True)


def write_folder(folder: Path, platform_name: str, pythons: list[str], dafeng_version: str) -> None:
    """The installers, the note and the checksums around the wheelhouse."""
    words = {"@VERSION@": dafeng_version, "@PYTHONS@": " ".join(pythons), "@PLATFORM@": platform_name}
    for template in sorted(TEMPLATES.iterdir()):
        text = template.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        # Windows reads neither a batch file nor (in old editors) a note with bare line feeds.
        newline = "\n" if template.suffix == ".sh" else "\r\n"
        (folder / template.name).write_text(text, encoding="utf-8", newline=newline)
    sums = [
        f"{hashlib.sha256(wheel.read_bytes()).hexdigest()}  wheelhouse/{wheel.name}\n"
        for wheel in sorted((folder / "wheelhouse").iterdir())
    ]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8", newline="\n")


def zip_folder(folder: Path, archive: Path) -> None:
    """Wheels are compressed already and are only stored; the shell script stays executable."""
    archive.parent.mkdir(exist_ok=True)
    archive.unlink(missing_ok=True)
    with zipfile.ZipFile(archive, "w") as out:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.external_attr = (0o755 if file.suffix == ".sh" else 0o644) << 16
            info.compress_type = zipfile.ZIP_STORED if file.suffix == ".whl" else zipfile.ZIP_DEFLATED
            out.writestr(info, file.read_bytes())


def make(uv: str, platform_name: str | None, pythons: list[str], into: Path) -> Path:
    target = platform_name or this_platform()
    with TemporaryDirectory() as temporary:
        built = Path(temporary) / "built"
        subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", str(built)], cwd=ROOT, check=True)
        ours = next(built.glob("dafeng-*.whl"))
        dafeng_version = ours.name.split("-")[1]
        folder = Path(temporary) / f"dafeng-{dafeng_version}-offline"
        wheelhouse = folder / "wheelhouse"
        wheelhouse.mkdir(parents=True)
        ours.rename(wheelhouse / ours.name)
        for python in pythons:
            download(for_target(locked_requirements(uv), target, python), target, python, wheelhouse)
        write_folder(folder, target, pythons, dafeng_version)
        suffix = f"-{platform_name}" if platform_name else ""
        archive = into / f"{folder.name}{suffix}.zip"
        zip_folder(folder, archive)
    return archive


def main() -> None:
    parser = argparse.ArgumentParser(description="make the offline installer")
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--platform", choices=sorted(PLATFORMS))
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    parser.add_argument("--into", type=Path, default=ROOT / "dist")
    chosen = parser.parse_args()
    archive = make(chosen.uv, chosen.platform, chosen.python.split(","), chosen.into)
    with zipfile.ZipFile(archive) as made:
        wheels = sum(name.endswith(".whl") for name in made.namelist())
    print(f"{archive} ({archive.stat().st_size / 1e6:.0f} MB, {wheels} wheels)")


if __name__ == "__main__":
    main()
