"""Xavier's initialisation with evenly spread numbers."""

import math

from torch import Tensor, nn

from torchproof.catalog.regularization.fans import fans, initialiser_exercise, measured_fill
from torchproof.catalog.regularization.fans_mistakes import (
    fill_uniform,
    misfilled,
    misscaled,
    misspread_evenly,
)
from torchproof.catalog.regularization.xavier import xavier_cases, xavier_mistakes, xavier_spread
from torchproof.checking.cases import Cases, Draw


@initialiser_exercise
def xavier_uniform_(weight: Tensor, gain: float = 1.0) -> Tensor:
    """Fill weight from U(-b, b) with b = gain·√(6 / (fan_in + fan_out)), and return it.

    The weight has shape (out, in, *kernel).

    Raises:
        ValueError: it has fewer than two dimensions.
    """
    return nn.init.xavier_uniform_(weight, gain)


@xavier_uniform_.cases
def _(draw: Draw) -> Cases:
    yield from xavier_cases(draw)


measured_fill(xavier_uniform_, xavier_spread, "gain", 1.0, uniform=True)
misspread_evenly(xavier_uniform_, xavier_spread)
xavier_mistakes(xavier_uniform_, fill_uniform)
misfilled(xavier_uniform_, fill_uniform, xavier_spread)

misscaled(
    xavier_uniform_,
    fill_uniform,
    "fan-in only",
    "Your bound is √(6 / fan_in), Kaiming's; divide by the sum of fan-in and fan-out.",
    lambda weight, gain: gain * math.sqrt(2 / fans(weight)[0]),
)
misscaled(
    xavier_uniform_,
    fill_uniform,
    "√3 where √6 belongs",
    "Your bound is √(3 / (fan_in + fan_out)); the 3 stands over the mean of both fans, and over "
    "their sum it is 6.",
    lambda weight, gain: xavier_spread(*fans(weight), gain) / math.sqrt(2),
)
misscaled(
    xavier_uniform_,
    fill_uniform,
    "root forgotten",
    "Your bound is gain · 6 / (fan_in + fan_out); take the root of the fraction.",
    lambda weight, gain: gain * 6 / sum(fans(weight)) / math.sqrt(3),
)
