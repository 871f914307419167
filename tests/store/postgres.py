"""A PostgreSQL server of the tests' own: Debian's, run as a user without rights, in a folder that goes with it."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

USER = "nobody"


def programs() -> Path:
    """The folder of PostgreSQL's programs; skips the test where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


class Server:
    """A server in a folder, reached through a socket there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin = folder, programs()
        folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "staffing", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-w", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def database(self, name: str) -> str:
        """The address of a new, empty database."""
        self._run("createdb", "-h", str(self.folder), "-U", "staffing", name)
        return f"postgresql://staffing@/{name}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        as_user = {"user": USER, "group": pwd.getpwnam(USER).pw_gid} if os.geteuid() == 0 else {}
        command = [str(self.bin / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **as_user)
