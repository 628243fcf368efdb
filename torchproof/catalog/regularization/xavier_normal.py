"""Xavier's initialisation with normally distributed numbers."""

import math

from torch import Tensor, nn

from torchproof.catalog.regularization.fans import fans, initialiser_exercise, measured_fill
from torchproof.catalog.regularization.fans_mistakes import (
    fill_normal,
    misfilled,
    misscaled,
    misspread_normally,
)
from torchproof.catalog.regularization.xavier import xavier_cases, xavier_mistakes, xavier_spread
from torchproof.checking.cases import Cases, Draw


@initialiser_exercise
def xavier_normal_(weight: Tensor, gain: float = 1.0) -> Tensor:
    """Fill weight from N(0, s²) with s = gain·√(2 / (fan_in + fan_out)), and return it.

    The weight has shape (out, in, *kernel).

    Raises:
        ValueError: it has fewer than two dimensions.
    """
    return nn.init.xavier_normal_(weight, gain)


@xavier_normal_.cases
def _(draw: Draw) -> Cases:
    yield from xavier_cases(draw)


measured_fill(xavier_normal_, xavier_spread, "gain", 1.0, uniform=False)
misspread_normally(xavier_normal_, xavier_spread)
xavier_mistakes(xavier_normal_, fill_normal)
misfilled(xavier_normal_, fill_normal, xavier_spread)

misscaled(
    xavier_normal_,
    fill_normal,
    "fan-in only",
    "Your standard deviation is √(2 / fan_in), Kaiming's; divide by the sum of fan-in and fan-out.",
    lambda weight, gain: gain * math.sqrt(2 / fans(weight)[0]),
)
misscaled(
    xavier_normal_,
    fill_normal,
    "1 over fan-in",
    "Your standard deviation is √(1 / fan_in); divide 2 by the sum of fan-in and fan-out.",
    lambda weight, gain: gain * math.sqrt(1 / fans(weight)[0]),
)
misscaled(
    xavier_normal_,
    fill_normal,
    "2 forgotten",
    "Your standard deviation is √(1 / (fan_in + fan_out)); it is the mean of both fans that 1 is "
    "divided by, so that 2 is divided by their sum.",
    lambda weight, gain: xavier_spread(*fans(weight), gain) / math.sqrt(2),
)
