"""What the initialisers share: how they become exercises, their cases, what is measured."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from torchproof.catalog.regularization.measuring import Measured, kolmogorov_smirnov, once
from torchproof.checking.cases import FLOATS, Case, Cases, Draw, Group, extremes, shapes, values
from torchproof.checking.compare import Measure
from torchproof.checking.exercise import Exercise, exercise
from torchproof.checking.observe import Observation

Spread = Callable[[float, float, float], float]
"""A standard deviation from fan-in, fan-out, and the gain or slope."""

INIT = (
    "torch.nn.init",
    *(f"torch.nn.init.{name}" for name in torch.nn.init.__all__),
)
"""torch's initialisers."""

initialiser_exercise = exercise(
    groups=(Group.VALUES, Group.EXTREMES, Group.SHAPES), not_allowed=INIT, driver="initialiser"
)
"""Makes a function an exercise in filling a weight."""


def fans(weight: Tensor) -> tuple[int, int]:
    """Return from how many numbers each output is computed, and into how many an input goes."""
    area = math.prod(weight.shape[2:])
    return weight.shape[1] * area, weight.shape[0] * area


def draw_weight(draw: Draw, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Return a weight to be filled, with numbers in it that none of the initialisers draws."""
    return draw.uniform(*shape, low=20, high=30, dtype=dtype)


def option_cases(draw: Draw, name: str, usual: Callable[[], float], edges: list[float]) -> Cases:
    """Yield the cases that an initialiser is tried on.

    Args:
        draw: what random inputs are drawn from.
        name: what the initialiser takes beside the weight, "gain" or "a".
        usual: draws a value for it that is not the default.
        edges: values at the edge.
    """
    single, double = FLOATS

    def linear(dtype: torch.dtype = single) -> Tensor:
        return draw_weight(draw, draw.size(40, 45), draw.size(120, 140), dtype=dtype)

    def convolution(dtype: torch.dtype = single) -> Tensor:
        return draw_weight(draw, draw.size(22, 24), draw.size(10, 12), 3, 5, dtype=dtype)

    yield values("a linear layer", weight=linear())
    yield values("a parameter", weight=linear(double), **{name: usual()}, requires_grad=True)
    yield values("a convolution", weight=convolution())
    yield values("a convolution", weight=convolution(double), **{name: usual()})
    for value in edges:
        yield extremes(f"{name} = {value:.4g}", weight=linear(), **{name: value})
    yield extremes("many numbers", weight=draw_weight(draw, 300, 200))
    yield extremes("one input", weight=draw_weight(draw, 3000, 1))
    yield extremes("one neuron", weight=draw_weight(draw, 1, 3000), **{name: usual()})
    yield extremes("fewer than two dimensions", weight=draw_weight(draw, 5))
    yield shapes("a convolution of sequences", weight=draw_weight(draw, 20, 30, 5))
    volumes = draw_weight(draw, 12, 5, 3, 3, 3, dtype=double)
    yield shapes("a convolution of volumes", weight=volumes, **{name: usual()})
    widens = draw_weight(draw, draw.size(70, 80), 20)
    yield shapes("a layer that widens", weight=widens, requires_grad=True)


def measured_fill(of: Exercise, spread: Spread, name: str, default: float, uniform: bool) -> None:
    """Let an initialiser be judged by the numbers it fills in.

    Args:
        of: the exercise.
        spread: the standard deviation asked.
        name: what the initialiser takes beside the weight.
        default: the value of that where it is not given.
        uniform: whether the numbers are to be spread evenly, and not normally.
    """

    @of.measured
    @once
    def _(seen: Observation, case: Case) -> Measured:
        weight = seen.result["weight"].double()
        if weight.dim() < 2:
            return {}
        asked = spread(*fans(weight), case.arguments.get(name, default))
        return dict(_moments(weight, asked, uniform))


def _moments(weight: Tensor, asked: float, uniform: bool) -> Iterator[tuple[str, Any]]:
    """Yield what is measured of many numbers, each with about six standard errors of leeway.

    The errors of two results add up, and those of a result that is wider than asked are larger.
    """
    n, deviation = weight.numel(), weight.std().item()
    error = math.sqrt(2 / n) * max(deviation, asked)
    yield "The standard deviation", Measure(deviation, (3 if uniform else 5) * error)
    yield "The mean", Measure(weight.mean().item(), 6 * error)
    if uniform:
        largest, bound = weight.abs().max().item(), math.sqrt(3) * asked
        leeway = 20 / n if largest <= bound * (1 + 1e-6) else 0.3
        yield "The largest absolute value", Measure(largest, leeway * largest)
    ordered = weight.flatten().sort().values
    different = 1 + int(ordered.diff().count_nonzero())
    yield "The share of numbers that are different", Measure(different / n, 0.05)
    if not uniform:
        for times, many, least in (("two", 2, 0.05), ("three", 3, 0.0027)):
            far = (weight.abs() > many * asked * (1 + 1e-6)).double().mean().item()
            leeway = 6 * math.sqrt(2 / n * max(far * (1 - far), least))
            yield f"The share beyond {times} standard deviations", Measure(far, leeway)
        kurtosis = ((weight - weight.mean()) / (deviation or 1)).pow(4).mean().item()
        yield (
            "The kurtosis, the mean 4th power over the squared variance",
            Measure(kurtosis, 6 * math.sqrt(2 * 24 / n) * max(kurtosis / 3, 1)),
        )
    distance = kolmogorov_smirnov(ordered / asked, _even if uniform else torch.special.ndtr)
    yield "The distance from the distribution asked (0 to 1)", Measure(distance, 2.7 / math.sqrt(n))


def _even(number: Tensor) -> Tensor:
    """Return the probability of a smaller number among those spread evenly, with deviation 1."""
    return ((number / math.sqrt(3) + 1) / 2).clamp(0, 1)
