"""How long a check takes, against running and comparing its cases without observing anything.

Prints both medians for every exercise; the ratio is what observing, counting and reporting cost.
The largest median is the number to watch: a learner waits for it each time a cell is run.
"""

import contextlib
import io
import statistics
import time
from collections.abc import Callable

import torch

from torchproof.checking.check import check
from torchproof.checking.drive import DRIVERS
from torchproof.checking.exercise import Exercise, load_catalog
from torchproof.checking.tree import tensors_of

ROUNDS = 11


def bare(exercise: Exercise) -> None:
    """Run the reference twice on every case and compare, as a plain assert would."""
    call = DRIVERS[exercise.driver]
    for case in exercise.draw(0):
        pair = [tensors_of(call(exercise.reference, **case.arguments)) for _ in range(2)]
        torch.testing.assert_close(*pair, equal_nan=True)


def median(run: Callable[[], object]) -> float:
    """Return the median time of some rounds in milliseconds, after one that warms up."""
    times = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


def main() -> None:
    """Print the table, the slowest check and, last, the median ratio."""
    ratios, slowest = [], 0.0
    for exercise in load_catalog():
        checked = median(lambda exercise=exercise: check(exercise.id, exercise.reference))
        plain = median(lambda exercise=exercise: bare(exercise))
        ratios.append(checked / plain)
        slowest = max(slowest, checked)
        print(f"{exercise.id:40} check {checked:7.1f} ms   bare {plain:7.1f} ms")
    print(f"slowest check: {slowest:.0f} ms")
    print(f"ratio: {statistics.median(ratios):.1f}x")


if __name__ == "__main__":
    main()
