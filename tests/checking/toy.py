"""A small exercise with every group, for tests of the checking itself."""

import torch
from torch import nn

from torchproof.checking.cases import (
    Group,
    extremes,
    gradients,
    held_out,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.compare import Finding, Measure
from torchproof.checking.exercise import Exercise
from torchproof.checking.observe import observe
from torchproof.checking.report import Report, assess


def halve(x):
    return x / 2


HALVE = Exercise(halve, not_allowed=("sinh", "torch.nn.functional.hardtanh"), picture="curve")


@HALVE.cases
def _(draw):
    yield values("a vector", x=draw.normal(5))
    yield gradients("a matrix", x=draw.normal(2, 3))
    yield extremes("empty", x=torch.empty(0))
    yield shapes(x=draw.normal(2, 3, dtype=torch.float64))
    yield vectorised({"x": draw.normal(2)}, {"x": draw.normal(6)})


@HALVE.mistake("doubles", "You double; half is asked for.")
def _(x):
    return x * 2


def half(x):
    """A right answer."""
    return x * 0.5


def report_on(candidate, seed: int = 0, exercise: Exercise = HALVE, source: str = "") -> Report:
    cases = exercise.draw(seed)
    seen = [observe(exercise.question, candidate, case) for case in cases]
    return assess(exercise, cases, seen, source, seed)


def noisy(x):
    """Return x with normal noise on it."""
    return x + torch.randn_like(x)


NOISY = Exercise(noisy)


@NOISY.cases
def _(draw):
    yield values("many", x=draw.normal(10_000))
    yield extremes("one", x=draw.normal(1))
    yield shapes(x=draw.normal(100, 100))
    yield vectorised({"x": draw.normal(2)}, {"x": draw.normal(6)})


@NOISY.measured
def _(seen, case):
    x, result = case.arguments["x"], seen.result
    if case.larger is not None:
        x, result = case.larger["x"], result[1]
    measured = {}
    if x.numel() >= 1000:
        measured["The noise's spread"] = Measure((result - x).std().item(), 0.1)
    if case.upstream:
        gradient = seen.gradients["x"]
        share = 0.0 if gradient is None else (gradient / case.upstream[0]).mean().item()
        measured["The gradient's share of the incoming"] = Measure(share, 1e-6)
    return measured


@NOISY.mistake("noise too wide", "Your noise has a spread of 2; 1 is asked for.")
def _(x):
    return x + 2 * torch.randn_like(x)


@NOISY.mistake("gradient doubled", "You add x twice and take one away.")
def _(x):
    return x + x - x.detach() + torch.randn_like(x)


def guess(images):
    """Stand for a model that tells one picture from another."""


GUESS = Exercise(guess, points=4, groups=(Group.HELD_OUT,), driver="trained")


@GUESS.cases
def _(draw):
    yield held_out(images=draw.normal(100, 3))


@GUESS.measured
def _(seen, case):
    return {"The share of right answers": Measure(_right(seen, case), 0.05)}


@GUESS.graded
def _(seen, case):
    right = _right(seen, case)
    if right == 1:
        return None
    return Finding("quality", f"{right:.0%} of the answers are right.", share=max(0, 2 * right - 1))


class Threshold(nn.Module):
    """Says yes to pictures whose first number lies above a bound."""

    def __init__(self, bound):
        super().__init__()
        self.bound = nn.Parameter(torch.tensor(bound))

    def forward(self, images):
        return images[:, 0] > self.bound


GUESS.mistake("always yes", "Your model says yes to everything.")(Threshold(-100.0))


def _right(seen, case):
    return (seen.result["output"] == (case.arguments["images"][:, 0] > 0)).double().mean().item()
