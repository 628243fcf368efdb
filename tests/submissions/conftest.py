"""Taking turns."""

import fcntl
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """Wait for another process that grades attacks: there is one port, socket and name each."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    with (folder / "attacks.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
