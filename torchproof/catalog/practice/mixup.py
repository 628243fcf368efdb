"""Mixup: the reference, its cases, and what is measured of a mixed batch.

Source: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", 2018.
"""

from typing import Any

import torch
from torch import Generator, Tensor

from torchproof.catalog.practice.randomness import (
    Measured,
    draws,
    dtypes,
    evenly,
    finite,
    found,
    mean,
    once,
    sources,
)
from torchproof.checking.cases import FLOATS, Case, Cases, Draw, Group, extremes, values
from torchproof.checking.exercise import exercise
from torchproof.checking.observe import Observation

MANY = 6
"""Samples from which on two results are practically never the same."""

CLOSE = 1e-4
"""How far numbers that are rounded may lie apart."""


@exercise(
    groups=(Group.VALUES, Group.EXTREMES, Group.NO_SIDE_EFFECTS),
    driver="with_generator",
)
def mixup(x: Tensor, y: Tensor, alpha: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Return lam * x + (1 - lam) * x[partner], and y mixed likewise.

    One number lam is drawn for the batch from Beta(alpha, alpha), and partner is a random
    permutation of it. Shapes are (N, ...) and (N, K).
    """
    lam = draw_beta(alpha, generator)
    partner = torch.randperm(len(x), generator=generator)
    return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]


def draw_beta(alpha: float, generator: Generator | None, other: float | None = None) -> float:
    """Draw a number from Beta(alpha, other), where other is alpha if it is not given.

    It is the share that one of two gamma numbers has in their sum.
    """
    shapes = torch.tensor([alpha, alpha if other is None else other], dtype=torch.float64)
    one, two = torch._standard_gamma(shapes, generator=generator).tolist()
    return float(one / (one + two))


@mixup.cases
def _(draw: Draw) -> Cases:
    def given(shape: tuple[int, ...], classes: int, alpha: float, **more: Any) -> dict[str, Any]:
        dtype = more.pop("dtype", torch.float32)
        y = draw.normal(shape[0], classes, dtype=dtype).softmax(1)
        x = draw.normal(*shape, dtype=dtype)
        return {"x": x, "y": y, "alpha": alpha, "seed": draw.size(1, 1000)} | more

    for dtype, alpha in zip(FLOATS, (2.0, draw.number(0.9, 1.5)), strict=True):
        yield values("", **given((8, draw.size(12, 16)), 3, alpha, dtype=dtype))
    labels = torch.eye(4)[draw.integers(6, high=4)]
    yield values("images and one-hot labels", **(given((6, 1, 3, 4), 4, 2.0) | {"y": labels}))
    many = {"times": 80, "dtype": torch.float64}
    yield values("many times", **given((6, 7), 6, draw.number(2.5, 3.5), **many))
    yield extremes("a small alpha", **given((4, 6), 2, draw.number(0.45, 0.55), times=400))
    yield extremes("a large alpha", **given((5, 9), 2, 1000.0, times=20))
    yield extremes("a single sample", **given((1, 3), 2, 1.0))
    yield extremes("two samples", **given((2, 5), 1, 1.0, times=10))
    yield extremes("a single number in each", **given((4,), 3, 1.0, dtype=torch.float64))


@mixup.measured
@once
def _(seen: Observation, case: Case) -> Measured:
    x, y = case.arguments["x"], case.arguments["y"]
    calls = seen.result["what each call returned"]
    if not all(_fits(call, x, y) for call in calls):
        return {}
    mixed_x, mixed_y = (finite(torch.stack(each)) for each in zip(*calls, strict=True))
    weights = _weights(x, y, mixed_x, mixed_y)
    own = weights.diagonal(dim1=1, dim2=2)
    others = weights - torch.diag_embed(own)
    mixed = others.abs().amax(dim=2) > CLOSE
    measured: Measured = {
        "The dtypes of the result": dtypes([tensor for call in calls for tensor in call]),
        "Batches with more than one lambda": found(_uneven(own, mixed)),
    }
    measured |= _faults(own, others) | _labels(weights, y.double(), mixed_y)
    varied = len(x) >= MANY and case.arguments["alpha"] > 0.8
    measured |= sources(seen.result, varied)
    clear = others.abs().amax(dim=(1, 2)) > 100 * CLOSE  # so that every partner can be seen
    partner = torch.where(mixed, others.abs().argmax(dim=2), torch.arange(len(x)))[clear]
    again = int((partner.sort(dim=1).values.diff(dim=1) == 0).sum())
    measured["Samples that are the partner of several"] = found(again)
    if draws(case) > 1:
        measured |= _chances(own, mixed, case.arguments["alpha"])
    return measured | (_partners(partner) if draws(case) > 1 and varied else {})


def _fits(call: Any, x: Tensor, y: Tensor) -> bool:
    """Tell whether a call returned two tensors of the shapes asked."""
    return len(call) == 2 and all(
        isinstance(one, Tensor) and one.shape == other.shape and not one.is_complex()
        for one, other in zip(call, (x, y), strict=True)
    )


def _weights(x: Tensor, y: Tensor, mixed_x: Tensor, mixed_y: Tensor) -> Tensor:
    """Find how much of each sample is in each mixed one, shape (calls, N, N).

    Where x has fewer numbers than there are samples, it takes y as well.
    """
    samples = x.double().reshape(len(x), -1)
    mixed = mixed_x.reshape(*mixed_x.shape[:2], -1)
    if samples.shape[1] < len(x):
        samples, mixed = torch.cat([samples, y.double()], 1), torch.cat([mixed, mixed_y], 2)
    weights: Tensor = mixed @ torch.linalg.pinv(samples)
    return weights


def _faults(own: Tensor, others: Tensor) -> Measured:
    """Measure what is wrong with the weights, given those of a sample and those of all others."""
    unsound = (own + others.sum(2) - 1).abs() > CLOSE
    equal = (own - others.sum(2)).abs() < CLOSE
    below = (own < -CLOSE) | (others < -CLOSE).any(2)
    faults = {
        "Samples mixed of three or more": (others.abs() > CLOSE).sum(2) > 1,
        "Samples whose weights do not sum to 1": unsound,
        "Samples of these whose two weights are the same": unsound & equal,
        "Samples with a weight below 0": below,
    }
    return {name: found(int(fault.sum())) for name, fault in faults.items()}


def _uneven(own: Tensor, mixed: Tensor) -> int:
    """Count the batches in which samples that have a partner keep different weights."""
    most = own.where(mixed, -torch.inf).amax(dim=1)
    least = own.where(mixed, torch.inf).amin(dim=1)
    return int((most - least > CLOSE).sum())


def _labels(weights: Tensor, y: Tensor, mixed_y: Tensor) -> Measured:
    """Measure whether y is mixed as x is, and what was done to it where it is not."""
    own = torch.diag_embed(weights.diagonal(dim1=1, dim2=2))
    swapped = torch.diag_embed((weights - own).sum(2)) + (weights - own).sign() * own.sum(2, True)

    def differs(other: Tensor) -> Tensor:
        return (other - mixed_y).abs().amax(dim=2) > CLOSE

    wrong = differs(weights @ y)
    return {
        "Labels not mixed as their samples": found(int(wrong.sum())),
        "Labels left as they were": found(int((wrong & ~differs(y)).sum())),
        "Labels mixed with lambda and 1 - lambda swapped": found(
            int((wrong & ~differs(swapped @ y)).sum())
        ),
    }


def _chances(own: Tensor, mixed: Tensor, alpha: float) -> Measured:
    """Measure how lambda is distributed, by its mean and its variance about 1/2.

    Those of Beta(alpha, alpha) are 1/2 and 1 / (4 (2 alpha + 1)).
    """
    lam = (own * mixed).sum(1)[mixed.any(1)] / mixed.sum(1)[mixed.any(1)]
    variance = 1 / (4 * (2 * alpha + 1))
    fourth = 3 * variance / (4 * (2 * alpha + 3))
    return {
        "The mean of lambda": mean(lam, 0.5, variance),
        "The variance of lambda": mean((lam - 0.5) ** 2, variance, fourth - variance**2),
    }


def _partners(partner: Tensor) -> Measured:
    """Measure how partners vary, given those of each batch, shape (calls, N)."""
    if len(partner) < 2:
        return {"Batches in which samples have partners": len(partner)}
    n = partner.shape[1]
    as_before = (partner.diff(dim=0) == 0).all(dim=1).double().mean().item()
    likely = partner[:, :, None] == torch.arange(n)
    beside = partner.diff(dim=1) % n == 1
    own = (partner == torch.arange(n)).double().sum(dim=1)
    return {
        "Samples of a batch that are their own partner": mean(own, 1.0, 1.0),
        "Other partners from call to call": as_before < 0.9,
        "Neighbours as likely to have neighbours for partners": evenly(beside, 1 / (n - 1)),
        "Every sample as likely to be the partner of every one": evenly(likely, 1 / n),
    }
