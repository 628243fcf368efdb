"""Grade the same class with stock nbgrader and with torchproof, side by side.

Prints submissions a second, CPU seconds a submission and peak memory of both, and as its last line
how many times the throughput of stock nbgrader torchproof reaches, its warm-up included.

    python benchmarks/grade.py [--learners 30] [--assignment 01_tensors] [--workers 2] [--feedback]
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.grading.rows import rows  # noqa: E402
from torchproof.grading.sample import build  # noqa: E402

_TOOLS = Path(sys.executable).parent
_EVERY = 0.1


@dataclass
class Measured:
    """What one program needed."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


def measure(commands: list[list[str]], course: Path) -> Measured:
    """Run commands one after the other in a course folder and watch all their processes."""
    measured = Measured()
    environment = os.environ | {"PATH": f"{_TOOLS}:{os.environ['PATH']}"}
    for command in commands:
        log = (course / "log.txt").open("ab")
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=course, env=environment, stdout=log, stderr=log)
        watched = psutil.Process(process.pid)
        cpu: dict[int, float] = {}
        while process.poll() is None:
            measured.memory = max(measured.memory, _look(watched, cpu))
            time.sleep(_EVERY)
        measured.seconds += time.perf_counter() - start
        measured.cpu += sum(cpu.values())
        log.close()
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} failed; see {course / 'log.txt'}")
    return measured


def _look(process: psutil.Process, cpu: dict[int, float]) -> int:
    """Note every process's CPU time, its ended children's included; return all memory in use."""
    memory = 0
    for each in [process, *_descendants(process)]:
        try:
            with each.oneshot():
                cpu[each.pid] = sum(each.cpu_times()[:4])
                memory += each.memory_full_info().pss
        except psutil.Error:
            continue
    alive = {process.pid, *(each.pid for each in _descendants(process))}
    parents = {pid for pid in cpu if pid in alive}
    for pid in set(cpu) - parents:
        cpu.pop(pid)
    return memory


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def main() -> None:
    """Measure both and print the table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--assignment", default="01_tensors")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--feedback", action="store_true")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="torchproof-benchmark-"))
    build(ROOT, folder / "stock", chosen.assignment, chosen.learners)
    nbgrader = [str(_TOOLS / "nbgrader")]
    generate = [*nbgrader, "generate_assignment", chosen.assignment, "--force"]
    measure([generate], folder / "stock")
    shutil.copytree(folder / "stock", folder / "torchproof")
    stock_commands = [[*nbgrader, "autograde", chosen.assignment]]
    own = [str(_TOOLS / "torchproof"), "grade", chosen.assignment, f"--workers={chosen.workers}"]
    own.append("--seed=0")
    if chosen.feedback:
        stock_commands.append([*nbgrader, "generate_feedback", chosen.assignment])
    else:
        own.append("--no-feedback")
    ours = measure([own], folder / "torchproof")
    stock = measure(stock_commands, folder / "stock")
    compare(folder)
    report(stock, ours, chosen.learners)
    shutil.rmtree(folder)
    print(f"ratio: {stock.seconds / ours.seconds:.1f}x")


def compare(folder: Path) -> None:
    """Stop unless both gradebooks hold the same rows."""
    stock, ours = (
        set(rows(f"sqlite:///{folder / name / 'gradebook.db'}")) for name in ("stock", "torchproof")
    )
    if stock != ours:
        for row in sorted(stock ^ ours, key=repr)[:20]:
            print("stock     " if row in stock else "torchproof", *row)
        sys.exit(f"the gradebooks differ in {len(stock ^ ours)} rows; see {folder}")


def report(stock: Measured, ours: Measured, learners: int) -> None:
    """Print what both needed."""
    table = Table(title=f"{learners} submissions, {os.cpu_count()} processors; rows are equal")
    for name in ("", "seconds", "submissions/s", "CPU s/submission", "peak memory, MiB"):
        table.add_column(name, justify="right" if name else "left")
    for name, each in (("nbgrader", stock), ("torchproof", ours)):
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
