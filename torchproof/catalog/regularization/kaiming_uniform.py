"""Kaiming's initialisation with evenly spread numbers."""

import math

from torch import Tensor, nn

from torchproof.catalog.regularization.fans import fans, initialiser_exercise, measured_fill
from torchproof.catalog.regularization.fans_mistakes import (
    fill_uniform,
    misfilled,
    misscaled,
    misspread_evenly,
)
from torchproof.catalog.regularization.kaiming import (
    kaiming_cases,
    kaiming_mistakes,
    kaiming_spread,
)
from torchproof.checking.cases import Cases, Draw


@initialiser_exercise
def kaiming_uniform_(weight: Tensor, a: float = 0.0) -> Tensor:
    """Fill weight from U(-b, b) with b = √(6 / ((1 + a²) fan_in)), and return it.

    The weight has shape (out, in, *kernel); a is the negative slope of the leaky ReLU after it.

    Raises:
        ValueError: it has fewer than two dimensions.
    """
    return nn.init.kaiming_uniform_(weight, a)


@kaiming_uniform_.cases
def _(draw: Draw) -> Cases:
    yield from kaiming_cases(draw)


measured_fill(kaiming_uniform_, kaiming_spread, "a", 0.0, uniform=True)
misspread_evenly(kaiming_uniform_, kaiming_spread)
kaiming_mistakes(kaiming_uniform_, fill_uniform)
misfilled(kaiming_uniform_, fill_uniform, kaiming_spread)

misscaled(
    kaiming_uniform_,
    fill_uniform,
    "root forgotten",
    "Your bound is 6 / ((1 + a²) fan_in); take the root of it.",
    lambda weight, a: 3 * kaiming_spread(*fans(weight), a) ** 2 / math.sqrt(3),
)
