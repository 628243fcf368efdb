"""Dropout: its reference, its cases, and what is measured of random masks."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.regularization.measuring import Measured, once
from torchproof.checking.cases import (
    FLOATS,
    Case,
    Cases,
    Draw,
    Group,
    extremes,
    gradients,
    shapes,
    values,
)
from torchproof.checking.compare import Measure
from torchproof.checking.exercise import FUNCTION_GROUPS, exercise
from torchproof.checking.observe import Observation

DROPOUT = (
    *("dropout", "dropout_", "dropout1d", "dropout2d", "dropout3d", "native_dropout"),
    *("alpha_dropout", "alpha_dropout_", "feature_dropout", "feature_dropout_", "_fused_dropout"),
    *("feature_alpha_dropout", "feature_alpha_dropout_", "torch.nn.modules.dropout"),
    *(f"torch.nn.{name}" for name in torch.nn.modules.dropout.__all__),
)
"""torch's dropout under its many names."""

MANY = 100
"""Calls from which on it is measured how the number kept varies from one to the next."""


@exercise(
    groups=tuple(group for group in FUNCTION_GROUPS if group is not Group.VECTORISED),
    not_allowed=DROPOUT,
    driver="repeatedly",
)
def dropout(x: Tensor, p: float, training: bool) -> Tensor:
    """Return x with each element 0 with probability p, and the others times 1/(1 - p).

    Where training is False, x as it is. The shape is any.
    """
    return F.dropout(x, p, training)


def _apart_from_0(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return numbers of both signs none of which is 0, so that a dropped one can be seen."""
    sizes = draw.uniform(*shape, low=0.5, high=2.0, dtype=dtype)
    return torch.where(draw.mask(*shape), sizes, -sizes)


@dropout.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    n, d = draw.size(40, 50), draw.size(50, 60)
    few, most = draw.number(0.1, 0.3), draw.number(0.7, 0.9)
    for dtype, p, note in ((single, few, "few"), (double, most, "most"), (double, 0.5, "half")):
        yield values(
            f"{note} of them", x=_apart_from_0(draw, n, d, dtype=dtype), p=p, training=True
        )
    for dtype in FLOATS:
        x = _apart_from_0(draw, n, 4, dtype=dtype)
        yield values("evaluation", x=x, p=draw.number(0.2, 0.8), training=False)
    images = _apart_from_0(draw, 6, 5, 9, draw.size(10, 12))
    yield values("images", x=images, p=draw.number(0.2, 0.4), training=True)
    x = _apart_from_0(draw, 4, 3, dtype=double)
    yield gradients("nothing dropped", x=x, p=0.0, training=True)
    yield gradients("everything dropped", x=x, p=1.0, training=True)
    yield from _dropout_extremes(draw)
    for dtype in FLOATS:
        x = _apart_from_0(draw, n, 3, 20, dtype=dtype)
        yield shapes(x=x, p=0.4, training=True)
        yield shapes("evaluation", x=x, p=0.4, training=False)
        for p in (0.0, 1.0):
            yield shapes(f"p = {p:g}", x=_apart_from_0(draw, 5, 4, dtype=dtype), p=p, training=True)
    yield shapes("a vector", x=_apart_from_0(draw, draw.size(900, 1000)), p=0.25, training=True)
    number = _apart_from_0(draw, dtype=double)
    yield shapes("a single number, many times", x=number, p=0.5, training=True, times=50)


def _dropout_extremes(draw: Draw) -> Cases:
    """Yield the cases where p or x is at the edge, and a small x many times."""
    x = _apart_from_0(draw, 5, 4)
    for training in (True, False):
        yield extremes("p = 0", x=x, p=0.0, training=training)
        yield extremes("p = 1", x=x, p=1.0, training=training)
    large = _apart_from_0(draw, 50, 80)
    yield extremes("a small p, large numbers", x=1e30 * large, p=0.02, training=True)
    yield extremes("a large p, small numbers", x=1e-30 * large, p=0.98, training=True)
    yield extremes("zeros", x=torch.zeros(3, 4), p=draw.number(0.4, 0.6), training=True)
    yield extremes("no elements", x=torch.empty(0, 3), p=0.5, training=True)
    small = _apart_from_0(draw, 5, 2)
    yield extremes("a few elements, many times", x=small, p=0.5, training=True, times=MANY)


@dropout.measured
@once
def _(seen: Observation, case: Case) -> Measured:
    x, p = case.arguments["x"].double(), case.arguments["p"]
    p = p if case.arguments["training"] else 0.0
    results = torch.stack([result.double() for result in seen.result])
    kept = (results != 0) & ~results.isnan()
    factors = torch.where(kept, results / x, 0)
    measured: Measured = {"Elements that are NaN": int(results.isnan().sum())}
    if kept.numel():
        measured |= _shares(kept, p) | _factors(factors[kept], p)
    if len(results) >= MANY:
        spread = kept.flatten(1).sum(1).double().std().item()
        usual = math.sqrt(x.numel() * p * (1 - p))
        within = 6 * max(spread, usual) / math.sqrt(len(results))
        measured["The spread of the number kept, from call to call"] = Measure(spread, within)
    return measured | _gradient(seen, case, factors)


def _shares(kept: Tensor, p: float) -> Measured:
    """Measure what share is kept, and how often neighbours are both kept or both dropped.

    Leeway is about six standard errors of two results. What is alike along a whole dimension was
    drawn once, and errors are larger then.

    Args:
        kept: what was kept of each call, (calls, *shape of x).
        p: the probability of being dropped.
    """
    sames = {_along(dim): kept.diff(dim=dim).logical_not() for dim in range(kept.dim())}
    alike = {name: same.double().mean().item() for name, same in sames.items() if same.numel()}
    draws = kept.numel()
    for dim in range(kept.dim()):
        draws //= kept.shape[dim] if alike.get(_along(dim)) == 1 else 1
    share = kept.double().mean().item()
    shares: Measured = {"The share kept": Measure(share, 8.5 * _error(share, 1 - p, draws))}
    both = p**2 + (1 - p) ** 2
    for name, same in alike.items():
        shares[f"The share {name}"] = Measure(same, 12 * _error(same, both, draws / 2))
    return shares | {f"All {name.removeprefix('of ')}": same == 1 for name, same in alike.items()}


def _along(dim: int) -> str:
    if dim == 0:
        return "of elements treated as in the call before"
    return f"of neighbours along dim {dim - 1} treated alike"


def _error(share: float, asked: float, draws: float) -> float:
    """Return the standard error of a share, the larger of what was found and what was asked."""
    return math.sqrt(max(share * (1 - share), asked * (1 - asked)) / draws)


def _factors(factors: Tensor, p: float) -> Measured:
    """Measure what the kept elements are multiplied by; a wrong factor may itself be random."""
    asked = 1 / (1 - p) if p < 1 else 0.0
    mean, spread = asked, 0.0
    if factors.numel():
        mean, spread = factors.mean().item(), factors.std(correction=0).item()
    exact = math.isclose(mean, asked, rel_tol=1e-5) and spread <= 1e-5 * asked
    varies = 1e-5 * asked if exact else 0.1 * abs(mean) + spread / 2
    return {
        "The factor of a kept element, on average": Measure(
            mean, abs(mean) * (1e-5 if exact else 0.1)
        ),
        "How far that factor varies": Measure(spread, varies),
    }


def _gradient(seen: Observation, case: Case, factors: Tensor) -> Measured:
    """Measure how far the gradient is from the incoming one times each element's own factor."""
    if not case.upstream:
        return {}
    asked = sum(up * factor for up, factor in zip(case.upstream, factors, strict=True))
    assert isinstance(asked, Tensor)
    found = seen.gradients["x"]
    gradient = torch.zeros_like(asked) if found is None else found
    far = (gradient - asked).abs().nan_to_num(nan=0.0).max().item()
    name = "The gradient's largest distance from the incoming one times the mask"
    return {
        "A gradient reaches x": found is not None or not asked.any(),
        "Elements of the gradient that are NaN": int(gradient.isnan().sum()),
        name: Measure(far, max(1e-6, far / 2)),
    }
