"""Limits on all processes of a submission together."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.grading.test_run import shown
from torchproof.grading.cgroup import Group, sweep
from torchproof.grading.limits import Limits
from torchproof.grading.run import Execution
from torchproof.grading.sandbox import Zygote
from torchproof.grading.slot import Slot

SPREAD = """
import os, socket
ends = []
for _ in range(4):
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        held = bytearray(200 * 2**20)
        theirs.sendall(b"!")
        theirs.recv(1)
        theirs.sendall(b"!")
        os._exit(0)
    theirs.close()
    ends.append(ours)
    ours.recv(1)
for end in ends:
    end.sendall(b"?")
    assert end.recv(1) == b"!", "killed"
"""

SPIN = """
import os
for _ in range(60):
    if os.fork() == 0:
        while True: pass
"""
SHARE = """
import time
start = time.monotonic(), time.process_time()
while time.monotonic() - start[0] < 2: pass
(time.process_time() - start[1]) / (time.monotonic() - start[0])
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()


def folders() -> list[Path]:
    return [*Path("/sys/fs/cgroup").rglob("torchproof-*")]


def test_memory_is_limited_for_all_processes_together(zygote: Zygote) -> None:
    slot = Slot(zygote.address)
    execution = Execution(slot, Limits(cell_seconds=60, memory_mib=500), {})
    survived = execution.cell(SPREAD).ok
    execution.close()
    slot.close()
    assert survived is not slot.group.holds_memory


def test_many_processes_take_no_time_from_a_neighbour(zygote: Zygote) -> None:
    slots = [Slot(zygote.address), Slot(zygote.address)]
    limits = Limits(cell_seconds=60, processes=64)
    crowd, neighbour = (Execution(slot, limits, {}) for slot in slots)
    assert crowd.cell(SPIN).ok
    share = float(shown(neighbour.cell(SHARE).outputs))
    held = slots[1].group.shares_processors
    for each in (crowd, neighbour, *slots):
        each.close()
    assert share > 0.1 or not held


def test_group_holds_its_process(process: subprocess.Popen[bytes]) -> None:
    group = Group(process.pid)
    inside = Path(f"/proc/{process.pid}/cgroup").read_text()
    process.kill()
    process.wait()
    group.close()
    assert (f"torchproof-{os.getpid()}-{process.pid}" in inside) is group.holds_memory


def test_group_is_gone_once_its_processes_are(process: subprocess.Popen[bytes]) -> None:
    group = Group(process.pid)
    process.kill()
    process.wait()
    group.close()
    assert [each for each in folders() if each.name.endswith(f"-{process.pid}")] == []


def test_groups_of_killed_graders_are_swept() -> None:
    grader = subprocess.run(
        [sys.executable, "-c", _LEAVES_A_GROUP], capture_output=True, text=True, check=True
    )
    sweep()
    assert [each for each in folders() if f"-{grader.stdout.strip()}-" in each.name] == []


_LEAVES_A_GROUP = """
import os, subprocess
from torchproof.grading.cgroup import Group
child = subprocess.Popen(["sleep", "60"])
group = Group(child.pid)
child.kill()
child.wait()
print(os.getpid())
"""
