"""Grade the same class with stock nbgrader and with torchproof, side by side.

Prints submissions a second, CPU seconds a submission and peak memory of both, and as its last line
how many times the throughput of stock nbgrader torchproof reaches, its warm-up included.

    python benchmarks/grade.py [--learners 30] [--assignment 01_tensors] [--workers 2] [--feedback]

With several numbers of learners it grades a class of each size with torchproof alone, and its last
line is the throughput of the largest class over that of the smallest.

    python benchmarks/grade.py --learners 100 1000
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.grading.rows import rows  # noqa: E402
from torchproof.grading.sample import build  # noqa: E402

_TOOLS = Path(sys.executable).parent
_EVERY = 0.1
"""Seconds between two looks at the processes."""

_MEMORY_EVERY = 10
"""Looks between two looks at their memory, which take a core's time from what is measured."""


class Used(NamedTuple):
    """The processor time of a process in seconds, and its parent."""

    parent: int
    seconds: float


@dataclass
class Measured:
    """What one program needed."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


def measure(commands: list[list[str]], course: Path) -> Measured:
    """Run commands one after the other in a course folder and watch all their processes."""
    measured = Measured()
    for command in commands:
        log = (course / "log.txt").open("ab")
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=course, stdout=log, stderr=log)
        watched = psutil.Process(process.pid)
        cpu: dict[int, Used] = {}
        for looks in itertools.count():
            if process.poll() is not None:
                break
            everyone = [watched, *_descendants(watched)]
            _look(everyone, cpu)
            if looks % _MEMORY_EVERY == 0:
                measured.memory = max(measured.memory, sum(map(_memory, everyone)))
            time.sleep(_EVERY)
        measured.seconds += time.perf_counter() - start
        measured.cpu += sum(each.seconds for each in cpu.values())
        log.close()
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} failed; see {course / 'log.txt'}")
    return measured


def _look(everyone: list[psutil.Process], cpu: dict[int, Used]) -> None:
    """Note each process's CPU time, that of its ended children included."""
    for each in everyone:
        with suppress(psutil.Error), each.oneshot():
            cpu[each.pid] = Used(each.ppid(), sum(each.cpu_times()[:4]))
    alive = {each.pid for each in everyone}
    for pid in set(cpu) - alive:
        if cpu[pid].parent in alive:  # which has its time now
            del cpu[pid]


def _memory(process: psutil.Process) -> int:
    """Return a process's share of the memory in use."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def main() -> None:
    """Measure both and print the table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, nargs="+", default=[30])
    parser.add_argument("--assignment", default="01_tensors")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--feedback", action="store_true")
    chosen = parser.parse_args()
    os.environ["PATH"] = os.pathsep.join([str(_TOOLS), os.environ["PATH"]])
    folder = Path(tempfile.mkdtemp(prefix="torchproof-benchmark-"))
    own = [str(_TOOLS / "torchproof"), "grade", chosen.assignment, f"--workers={chosen.workers}"]
    own += ["--seed=0", *([] if chosen.feedback else ["--no-feedback"])]
    if len(chosen.learners) > 1:
        by_size(folder, chosen.assignment, sorted(chosen.learners), own)
    else:
        beside_stock(folder, chosen.assignment, chosen.learners[0], own, chosen.feedback)
    shutil.rmtree(folder)


def beside_stock(
    folder: Path, assignment: str, learners: int, own: list[str], feedback: bool
) -> None:
    """Grade one class with both."""
    make(folder / "stock", assignment, learners)
    shutil.copytree(folder / "stock", folder / "torchproof")
    steps = ["autograde", "generate_feedback"] if feedback else ["autograde"]
    ours = measure([own], folder / "torchproof")
    stock = measure([[str(_TOOLS / "nbgrader"), step, assignment] for step in steps],
                    folder / "stock")  # fmt: skip
    compare(folder)
    title = f"{learners} submissions, {os.cpu_count()} processors; rows are equal"
    report(title, {"nbgrader": (learners, stock), "torchproof": (learners, ours)})
    print(f"ratio: {stock.seconds / ours.seconds:.1f}x")


def by_size(folder: Path, assignment: str, sizes: list[int], own: list[str]) -> None:
    """Grade classes of several sizes with torchproof."""
    measured = {}
    for size in sizes:
        make(folder / str(size), assignment, size)
        measured[f"{size} learners"] = (size, measure([own], folder / str(size)))
    report(f"classes of several sizes, {os.cpu_count()} processors", measured)
    rates = [size / each.seconds for size, each in measured.values()]
    print(f"ratio: {rates[-1] / rates[0]:.2f}x")


def make(course: Path, assignment: str, learners: int) -> None:
    """Make a course in which a class has handed in."""
    build(ROOT, course, assignment, learners)
    measure([[str(_TOOLS / "nbgrader"), "generate_assignment", assignment, "--force"]], course)


def compare(folder: Path) -> None:
    """Stop unless both gradebooks hold the same rows."""
    stock, ours = (
        set(rows(f"sqlite:///{folder / name / 'gradebook.db'}")) for name in ("stock", "torchproof")
    )
    if stock != ours:
        for row in sorted(stock ^ ours, key=repr)[:20]:
            print("stock     " if row in stock else "torchproof", *row)
        sys.exit(f"the gradebooks differ in {len(stock ^ ours)} rows; see {folder}")


def report(title: str, measured: dict[str, tuple[int, Measured]]) -> None:
    """Print what each needed for its learners."""
    table = Table(title=title)
    for name in ("", "seconds", "submissions/s", "CPU s/submission", "peak memory, MiB"):
        table.add_column(name, justify="right" if name else "left")
    for name, (learners, each) in measured.items():
        table.add_row(
            name,
            f"{each.seconds:.1f}",
            f"{learners / each.seconds:.2f}",
            f"{each.cpu / learners:.2f}",
            f"{each.memory / 2**20:.0f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
