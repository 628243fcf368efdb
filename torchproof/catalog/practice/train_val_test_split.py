"""Splitting indices at random: the reference, its cases, and what is measured of a split."""

import math
from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.randomness import (
    Measured,
    draws,
    dtypes,
    evenly,
    found,
    once,
    sources,
)
from torchproof.checking.cases import Case, Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation

MANY = 20
"""Indices from which on two splits are practically never the same."""

Fractions = tuple[float, float, float]
Split = tuple[Tensor, Tensor, Tensor]


@exercise(groups=(Group.VALUES, Group.EXTREMES), driver="with_generator")
def train_val_test_split(n: int, fractions: Fractions, generator: Generator) -> Split:
    """Return the indices 0 to n - 1 in three parts, drawn at random: int64, one dimension each.

    The second and third part get floor(n * fraction) of them, and the first all others.
    """
    validation, test = (math.floor(n * fraction) for fraction in fractions[1:])
    order = torch.randperm(n, generator=generator)
    return (
        order[validation + test :],
        order[:validation],
        order[validation : validation + test],
    )


def _uneven(draw: Draw, low: int, high: int) -> dict[str, Any]:
    """Draw n and fractions of it, of which the last two leave a rest well above one half.

    So every way to write the products has the same floor, and every other way to round them
    another result.
    """
    while True:
        n, validation, test = draw.size(low, high), draw.size(8, 30), draw.size(8, 30)
        rests = [n * each % 100 for each in (validation, test)]
        if all(60 <= rest <= 90 for rest in rests) and validation != test:
            hundredths = (100 - validation - test, validation, test)
            return {"n": n, "fractions": tuple(each / 100 for each in hundredths)}


@train_val_test_split.cases
def _(draw: Draw) -> Cases:
    def seeded() -> dict[str, Any]:
        return {"seed": draw.size(1, 1000)}

    for low, high in ((25, 45), (60, 160), (900, 1100)):
        yield values(**_uneven(draw, low, high), **seeded())
    half = (0.5, 0.25, 0.25)
    yield values(n=40, fractions=half, **seeded())
    yield values(n=12, fractions=half, times=150, **seeded())
    for note, n, fractions in (
        ("no indices", 0, (0.5, 0.25, 0.25)),
        ("a single index", 1, (0.7, 0.15, 0.15)),
        ("too few for three parts", draw.size(2, 6), (0.75, 0.125, 0.125)),
        ("everything for training", draw.size(20, 30), (1.0, 0.0, 0.0)),
        ("everything for the test", draw.size(20, 30), (0.0, 0.0, 1.0)),
        ("no validation", 2 * draw.size(10, 15) + 1, (0.5, 0.0, 0.5)),
        ("no test", 2 * draw.size(10, 15) + 1, (0.5, 0.5, 0.0)),
        ("little for training", 8 * draw.size(5, 9) + 3, (0.125, 0.5, 0.375)),
        ("many indices", draw.size(1500, 2000), (0.5, 0.25, 0.25)),
    ):
        yield extremes(note, n=n, fractions=fractions, **seeded())


@train_val_test_split.measured
@once
def _(seen: Observation, case: Case) -> Measured:
    n, calls = case.arguments["n"], seen.result["what each call returned"]
    sizes = [len(part) for part in calls[0] if _is_part(part)]
    if len(sizes) != 3 or any(not _fits(call, sizes) for call in calls):
        return {}
    parts = [torch.stack(each).double() for each in zip(*calls, strict=True)]
    together = torch.cat(parts, dim=1)
    inside = (together >= 0) & (together < n) & (together == together.floor())
    places = torch.where(inside, together, n).long()
    twice = sum(_repeated(part) for part in parts)
    covered = torch.zeros(len(places), n + 1).scatter_(1, places, 1.0)[:, :n]
    measured: Measured = {
        "The dtype of the indices": dtypes([part for call in calls for part in call]),
        "Indices below 0 or above n - 1": found(int((~inside).sum())),
        "Indices that are in a part twice": found(twice),
        "Indices that are in two parts": found(_repeated(together) - twice),
        "Indices from 0 to n - 1 that are in no part": found(int((covered == 0).sum())),
    }
    # parts may be sorted, so two splits differ only where they hold different indices
    varied = n >= MANY and max(case.arguments["fractions"]) < 1
    measured |= sources(seen.result, varied)
    if varied:
        in_order = all(bool((part[0].diff() == 1).all()) for part in parts)
        measured["An order other than 0, 1, 2, ..."] = not in_order
    return measured | (_chances(places, sizes, n) if draws(case) > 1 else {})


def _is_part(part: object) -> bool:
    return isinstance(part, Tensor) and part.dim() == 1 and not part.is_complex()


def _fits(call: Any, sizes: list[int]) -> bool:
    """Tell whether a call returned parts of these sizes."""
    return all(map(_is_part, call)) and [len(part) for part in call] == sizes


def _repeated(rows: Tensor) -> int:
    """Count the numbers that came before in their row."""
    return int((rows.sort(dim=1).values.diff(dim=1) == 0).sum())


def _chances(places: Tensor, sizes: list[int], n: int) -> Measured:
    """Measure how often each index comes into each part, and two neighbours into the same."""
    owner = torch.repeat_interleave(torch.arange(3), torch.tensor(sizes))
    part = torch.full((len(places), n + 1), -1)
    part = part.scatter_(1, places, owner.expand_as(places))[:, :n]
    same = sum(size * (size - 1) for size in sizes) / (n * (n - 1))
    measured: Measured = {}
    for k, name in enumerate(("training", "validation", "test")):
        mostly = ((part == k).diff(dim=0) == 0).all(dim=1).double().mean() > 0.5
        measured[f"Another {name} part from call to call"] = not mostly
        likely = evenly(part == k, sizes[k] / n)
        measured[f"Every index as likely in the {name} part"] = likely
    measured["Neighbours as likely in the same part"] = evenly(part.diff(dim=1) == 0, same)
    return measured
