"""Where files that were handed in come to lie: whole or not at all, never over another one, one load at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

_LOCK = ".load.lock"
# File systems take 255 bytes; what is laid beside a file adds up to twenty to its name.
_LONGEST = 200


@contextlib.contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Loads into one district take turns: two that empty one inbox, or judge by what the other is writing, would each
    be right and both together wrong. The system opens the lock when its holder ends, however it ends."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("a+b") as file:
        _lock(file.fileno())
        for half in (left for name in ("loaded", "refused") for left in (root / name).glob(".*.part")):
            half.unlink(missing_ok=True)  # of a load that was ended half-way
        yield


def _lock(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        while True:
            with contextlib.suppress(OSError):  # gives up after ten tries of a second each
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # pyright: ignore[reportAttributeAccessIssue]
                return
    else:
        with contextlib.suppress(OSError):  # a network drive without locks: the store still keeps its own
            fcntl.flock(handle, fcntl.LOCK_EX)


def printable(name: str) -> str:
    """A file's name as it can be stored and printed: bytes that are no text and control characters as ``_``."""
    return "".join(one if one.isprintable() else "_" for one in name)


def keep(source: Path, folder: Path) -> tuple[Path, bool]:
    """Copy a file into a folder; (where it lies, whether it is new there).

    Under its own name, or with its digest in it where another file of that name lies there. A machine that stops
    half-way leaves no half file under a good name.
    """
    if source.parent.resolve() == folder.resolve():
        return source, False
    half = folder / f".{os.getpid()}.part"
    try:
        shutil.copyfile(source, half)
        digest = _digest(half)
        name = _fitting(printable(source.name), digest)
        for target in (folder / name, folder / _with_digest(name, digest)):
            if not target.exists():
                half.replace(target)
                return target, True
            if target.is_file() and _digest(target) == digest:
                return target, False
        raise FileExistsError(f"{folder / name}")
    finally:
        half.unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _with_digest(name: str, digest: str) -> str:
    path = Path(name)
    return f"{path.stem}.{digest[:8]}{path.suffix}"


def _fitting(name: str, digest: str) -> str:
    """The name, or its beginning and the file's digest where it is too long."""
    if len(name.encode()) <= _LONGEST:
        return name
    path = Path(name)
    suffix = path.suffix if len(path.suffix.encode()) <= 10 else ""
    begin = name[: len(name) - len(suffix)].encode()[: _LONGEST - 30].decode(errors="ignore")
    return f"{begin}.{digest[:8]}{suffix}"


def take_from(inbox: Path, path: Path) -> None:
    """Only the inbox is ours to empty; a file named elsewhere stays where its owner keeps it. Of a link in the inbox
    the link is taken, not what it points to."""
    if path.parent.resolve() == inbox.resolve():
        path.unlink(missing_ok=True)
