"""Early stopping: its reference, and its cases."""

import math
from typing import Any

from torchproof.checking.cases import Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise


class EarlyStopping:
    """Watches a loss and says when to stop.

    Attributes:
        best: the loss of the last improvement, infinite before the first.
        best_step: its step, counted from 0; -1 before the first.
    """

    def __init__(self, patience: int, min_delta: float = 0.0) -> None:
        self.patience = patience
        self.min_delta = min_delta
        self.best = math.inf
        self.best_step = -1
        self._step = -1

    def step(self, loss: float) -> bool:
        """Tell whether the last ``patience`` steps, or more, brought no improvement.

        A loss is an improvement where it is below ``best`` by more than ``min_delta``; NaN never
        is.
        """
        self._step += 1
        if loss < self.best - self.min_delta:
            self.best, self.best_step = loss, self._step
        return self._step - self.best_step >= self.patience


early_stopping = exercise(groups=(Group.VALUES, Group.EXTREMES), driver="stopper")(EarlyStopping)


def draw_losses(draw: Draw, size: int, slope: float, noise: float) -> list[float]:
    """Return losses from about 2 downhill, in 64ths, which floats subtract without rounding."""
    bumps: list[float] = draw.normal(size).tolist()
    return [round(64 * (2 - slope * i + noise * bump)) / 64 for i, bump in enumerate(bumps)]


@early_stopping.cases
def _(draw: Draw) -> Cases:
    for patience in (2, 3, 4):
        falling = draw_losses(draw, draw.size(4, 7), 0.25, 0.02)
        rising = draw_losses(draw, 8, -0.125, 0.02)
        yield values("falls, then rises", patience=patience, losses=falling + rising)
        noisy: dict[str, Any] = {"patience": patience, "losses": draw_losses(draw, 20, 0.05, 0.2)}
        yield values("noisy", **noisy)
        yield values("noisy, with min_delta", **noisy, min_delta=draw.size(6, 12) / 64)
    start = draw.size(100, 120) / 64
    slow = [start - i / 64 for i in range(12)]
    yield values("falls slowly", patience=3, losses=slow, min_delta=2 / 64)
    bumpy = [start - each for each in (0, -0.5, -0.25, 0.25, 0.5, 0.125, 0.375, 0.25)]
    yield values("worse than the best, better than the last", patience=4, losses=bumpy)
    plain = draw.number(0.3, 0.9)
    little = [plain - each * 1e-3 for each in (0, 1, 2, 3, 2, 4, 5)]
    yield values("better by a thousandth", patience=2, losses=little)
    yield from _early_stopping_extremes(draw)


def _early_stopping_extremes(draw: Draw) -> Cases:
    """Yield the cases at the edge: ties, NaN and infinities, one step, no step, and on and on."""
    start = draw.size(100, 120) / 64
    flat = [start] * 6
    yield extremes("the same loss again and again", patience=3, losses=flat)
    exactly = [start, start - 0.25, start - 0.5, start - 1.0]
    yield extremes("better by min_delta exactly", patience=5, losses=exactly, min_delta=0.25)
    odd = [start, math.nan, start - 0.25, math.nan, start - 0.5, start]
    yield extremes("NaN in between", patience=3, losses=odd)
    yield extremes("NaN at first", patience=3, losses=[math.nan, start, start - 0.25, start])
    yield extremes("NaN for good", patience=3, losses=[start, *[math.nan] * 5])
    infinite = [math.inf, math.inf, start, -math.inf, start, -math.inf]
    yield extremes("infinite losses", patience=3, losses=infinite)
    yield extremes("a patience of 1", patience=1, losses=[start, start - 0.5, start, start - 1])
    yield extremes("no steps yet", patience=2, losses=[])
    yield extremes("a single step", patience=2, losses=[start])
    late = [start, *[start + 0.25] * 4, start - 0.25, *[start] * 3]
    yield extremes("steps after it said stop", patience=2, losses=late)
    gain = [-start, -start - 0.25, -start - 0.375, -start - 1, -start]
    yield extremes("negative losses", patience=2, losses=gain, min_delta=0.25)
    plain = draw.number(0.3, 0.9)
    for better in (1e-6, 1e-9):
        least = [plain - each * better for each in (0, 1, 2, 3, 2, 4, 5)]
        yield extremes(f"better by {better:.0e}", patience=2, losses=least)
