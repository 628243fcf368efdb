"""Kaiming's initialisation with normally distributed numbers."""

from torch import Tensor, nn

from torchproof.catalog.regularization.fans import initialiser_exercise, measured_fill
from torchproof.catalog.regularization.fans_mistakes import (
    fill_normal,
    misfilled,
    misspread_normally,
)
from torchproof.catalog.regularization.kaiming import (
    kaiming_cases,
    kaiming_mistakes,
    kaiming_spread,
)
from torchproof.checking.cases import Cases, Draw


@initialiser_exercise
def kaiming_normal_(weight: Tensor, a: float = 0.0) -> Tensor:
    """Fill weight from N(0, s²) with s = √(2 / ((1 + a²) fan_in)), and return it.

    The weight has shape (out, in, *kernel); a is the negative slope of the leaky ReLU after it.

    Raises:
        ValueError: it has fewer than two dimensions.
    """
    return nn.init.kaiming_normal_(weight, a)


@kaiming_normal_.cases
def _(draw: Draw) -> Cases:
    yield from kaiming_cases(draw)


measured_fill(kaiming_normal_, kaiming_spread, "a", 0.0, uniform=False)
misspread_normally(kaiming_normal_, kaiming_spread)
kaiming_mistakes(kaiming_normal_, fill_normal)
misfilled(kaiming_normal_, fill_normal, kaiming_spread)
