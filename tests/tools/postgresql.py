"""A PostgreSQL server of the tests' own: a free port, a temporary folder, gone at the end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any


def find_server() -> Path | None:
    """The folder of the newest server programs that Debian's package installed, or of those on the PATH."""
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = sorted(installed, key=lambda path: float(path.parent.parent.name))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgreSQL:
    """A running server; ``with PostgreSQL(find_server()) as server``. Its user is ``dafeng`` with a random
    password, it listens on 127.0.0.1 only, and it is stopped by its own process id."""

    def __init__(self, programs: Path):
        self._programs = programs
        self._password = secrets.token_hex(16)
        # PostgreSQL refuses to run as root; as root it gets the account that Debian's package made.
        self._account: dict[str, Any] = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            self._account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def __enter__(self) -> PostgreSQL:
        self._folder = Path(tempfile.mkdtemp(prefix="dafeng-pg-"))
        self._port = _free_port()
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        if self._account:
            for path in (self._folder, password_file):
                os.chown(path, self._account["user"], self._account["group"])
        self._run("initdb", "-D", "data", "-U", "dafeng", "-A", "scram-sha-256", "--pwfile=password",
                  "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        with (self._folder / "server.log").open("w") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", "data", "-p", str(self._port), "-k", str(self._folder),
                 "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
                cwd=self._folder, stdout=log, stderr=log, **self._account,
            )  # fmt: skip
        self._wait_until_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.send_signal(signal.SIGINT)  # "fast shutdown": open connections are cut
        try:
            self._server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://dafeng:{self._password}@127.0.0.1:{self._port}/{database}"

    def create_database(self) -> str:
        name = f"t_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name}")
        return name

    def drop_database(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement)  # pyright: ignore[reportArgumentType]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder, capture_output=True, text=True, **self._account,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def _wait_until_ready(self) -> None:
        for _ in range(200):
            if self._server.poll() is not None:
                raise RuntimeError("PostgreSQL did not start: " + (self._folder / "server.log").read_text())
            try:
                self._execute("SELECT 1")
                return
            except Exception:
                time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not answer within 20 s")
