"""A small exercise with every group, for tests of the checking itself."""

import torch

from torchproof.checking.cases import extremes, gradients, shapes, values, vectorised
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


@HALVE.mistake("doubles", "You double; half is asked.")
def _(x):
    return x * 2


def half(x):
    """A right answer."""
    return x * 0.5


def report_on(candidate, seed: int = 0, exercise: Exercise = HALVE, source: str = "") -> Report:
    cases = exercise.draw(seed)
    seen = [observe(exercise.question, candidate, case) for case in cases]
    return assess(exercise, cases, seen, source, seed)
