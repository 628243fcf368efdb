"""The gradebook in a real PostgreSQL server, reached through a socket in a private folder."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grading.conftest import tool
from tests.grading.rows import rows
from tests.grading.test_record import grade, url


def _programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return found[-1].parent if found else None


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server as user postgres (or as ourselves) and give its address."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    user = None
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres").pw_uid
        os.chown(folder, user, -1)

    def run(*command: str) -> None:
        with (folder / "log").open("ab") as log:
            done = subprocess.run(
                command, user=user, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        assert done.returncode == 0, (folder / "log").read_text()

    (folder / "log").touch()
    data, control = str(folder / "data"), str(programs / "pg_ctl")
    run(str(programs / "initdb"), "-D", data, "-U", "teacher", "-A", "trust")
    run(control, "-D", data, "-w", "-o", f"-k {folder} -c listen_addresses=''", "start")
    run(str(programs / "createdb"), "-h", str(folder), "-U", "teacher", "grades")
    yield f"postgresql://teacher@/grades?host={folder}"
    run(control, "-D", data, "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.mark.slow
def test_rows_equal_those_in_sqlite(course: Path, server: str, tmp_path: Path) -> None:
    expected = Path(shutil.copytree(course, tmp_path / "expected"))
    grade(expected)
    with (course / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.CourseDirectory.db_url = {server!r}\n")
    made = tool(course, "nbgrader", "generate_assignment", "01_tensors", "--force")
    assert made.returncode == 0, made.stderr
    grade(course)
    assert rows(server) == rows(url(expected))
    assert set(grade(course)["counts"]) == {"unchanged"}
