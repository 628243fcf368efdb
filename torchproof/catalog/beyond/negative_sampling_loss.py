"""The loss of negative sampling: near the words that occur together, away from random ones."""

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.checking.cases import (
    FLOATS,
    Cases,
    Draw,
    extremes,
    gradients,
    shapes,
    values,
    vectorised,
)
from torchproof.checking.exercise import exercise


@exercise()
def negative_sampling_loss(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    """Return the mean over N of -log σ(centre·context) - Σ log σ(-centre·negative).

    centre and context are (N, D), negatives is (N, K, D), and the sum goes over K. Mikolov et al.
    (2013).
    """
    return whole(*terms(centre, context, negatives))


def scores(centre: Tensor, context: Tensor, negatives: Tensor) -> tuple[Tensor, Tensor]:
    """Return each centre's dot products with its context, (N,), and with its negatives, (N, K)."""
    positive = (centre * context).sum(dim=-1)
    return positive, (centre.unsqueeze(1) * negatives).sum(dim=-1)


def terms(centre: Tensor, context: Tensor, negatives: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logarithms that are asked for, (N,) and (N, K)."""
    positive, negative = scores(centre, context, negatives)
    return F.logsigmoid(positive), F.logsigmoid(-negative)


def whole(positive: Tensor, negative: Tensor) -> Tensor:
    """Return the loss from the logarithms of probabilities (N,) and (N, K)."""
    return -(positive + negative.sum(dim=1)).mean()


@negative_sampling_loss.cases
def _(draw: Draw) -> Cases:
    single, double = FLOATS
    yield values(**_drawn(draw, draw.size(6, 8), draw.size(4, 5), 3, dtype=single))
    yield values(**_drawn(draw, draw.size(4, 5), draw.size(6, 8), 3, dtype=double))
    yield values("one negative each", **_drawn(draw, 5, 1, draw.size(3, 4), dtype=double))
    yield values("as many of each", **_drawn(draw, 4, 4, 4, dtype=single))
    for dtype in FLOATS:
        for n, k, d in ((5, 3, 2), (3, 7, 4), (2, 2, 6)):
            yield shapes(**_drawn(draw, n, k, d, dtype=dtype))
    yield shapes("a batch of one", **_drawn(draw, 1, 3, 4, dtype=single))
    yield shapes("one negative each", **_drawn(draw, 4, 1, 3, dtype=single))
    yield shapes("vectors of one number", **_drawn(draw, 3, 4, 1, dtype=single))
    yield from _far(draw)
    none = _drawn(draw, 4, 1, 3, dtype=double)
    yield extremes("no negatives", **none | {"negatives": none["negatives"][:, :0]})
    yield extremes("a single pair", **_drawn(draw, 1, 1, 1, dtype=double))
    zeros = {"centre": torch.zeros(3, 2), "context": torch.zeros(3, 2)}
    yield extremes("vectors of zeros", **zeros, negatives=torch.zeros(3, 4, 2))
    yield extremes("an empty batch", **_drawn(draw, 0, 2, 3, dtype=single))
    yield extremes("many negatives", **_drawn(draw, 3, 300, 3, dtype=single))
    yield extremes("many negatives", **_drawn(draw, 2, 1500, 4, dtype=double))
    yield from _vectorised(draw)


def _vectorised(draw: Draw) -> Cases:
    small = _drawn(draw, 3, 2, 4)
    yield vectorised(small, _drawn(draw, 9, 2, 4))
    yield vectorised(small, _drawn(draw, 3, 8, 4))
    yield vectorised(small, _drawn(draw, 3, 2, 11))


def _drawn(
    draw: Draw, n: int, k: int, d: int, dtype: torch.dtype = torch.float32
) -> dict[str, Tensor]:
    """Draw vectors whose dot products are about as large as 1."""
    drawn = {"centre": (n, d), "context": (n, d), "negatives": (n, k, d)}
    scale = d**-0.25
    return {name: scale * draw.normal(*shape, dtype=dtype) for name, shape in drawn.items()}


def _far(draw: Draw) -> Cases:
    """Let the dot products be far from 0, so that sigmoids are rounded to 0 and 1."""
    _, double = FLOATS
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0])
    for size, dtype in ((20.0, torch.float32), (200.0, torch.float32), (1000.0, double)):
        centre = size * torch.eye(4, 5, dtype=dtype)
        context = signs.to(dtype)[:, None] * draw.uniform(4, 5, low=0.8, high=1.2, dtype=dtype)
        other = draw.uniform(4, 3, 5, low=0.8, high=1.2, dtype=dtype)
        given = {"centre": centre, "context": context, "negatives": -other}
        yield extremes(f"dot products near {size:g} and {-size:g}", **given)
        turned = other * torch.tensor([1.0, -1.0, 1.0], dtype=dtype)[:, None]
        yield extremes("negatives that are near", **given | {"negatives": turned})
    yield gradients("dot products near 1000 and -1000", **given | {"negatives": turned})


@negative_sampling_loss.mistake(
    "log of a rounded sigmoid",
    "Far from 0 the sigmoid is rounded to 0, or its exponential overflows, before you take the "
    "logarithm; F.logsigmoid does both in one step.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(positive.sigmoid().log(), (-negative).sigmoid().log())


@negative_sampling_loss.mistake(
    "log of 1 - sigmoid",
    "For a negative with a large dot product 1 - sigmoid is rounded to 0; it is the sigmoid of the "
    "opposite number, so take F.logsigmoid of minus the dot product.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(positive.sigmoid().log(), (1 - negative.sigmoid()).log())


@negative_sampling_loss.mistake(
    "log of 1 - sigmoid for negatives",
    "Your positives are right; for a negative with a large dot product 1 - sigmoid is rounded to "
    "0, so take F.logsigmoid of minus the dot product there, too.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(positive), (1 - negative.sigmoid()).log())


def _bounded(eps: float) -> None:
    @negative_sampling_loss.mistake(
        f"{eps:g} in the logarithm",
        f"The constant {eps:g} in your logarithms keeps them finite but wrong where the sigmoid is "
        "nearly 0; F.logsigmoid needs none.",
    )
    def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
        positive, negative = scores(centre, context, negatives)
        return whole((positive.sigmoid() + eps).log(), ((-negative).sigmoid() + eps).log())

    @negative_sampling_loss.mistake(
        f"{eps:g} in the logarithm of 1 - sigmoid",
        f"The constant {eps:g} in your logarithms keeps them finite but wrong where the sigmoid, "
        "or 1 - sigmoid, is nearly 0; take F.logsigmoid of the dot product, with a minus for "
        "negatives.",
    )
    def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
        positive, negative = scores(centre, context, negatives)
        return whole((positive.sigmoid() + eps).log(), (1 - negative.sigmoid() + eps).log())


for _eps in (1e-8, 1e-10, 1e-12):
    _bounded(_eps)


@negative_sampling_loss.mistake(
    "cross-entropy of rounded probabilities",
    "You hand sigmoids to F.binary_cross_entropy, which bounds their logarithms at -100; "
    "F.binary_cross_entropy_with_logits takes the dot products themselves.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    p, q = positive.sigmoid(), negative.sigmoid()
    near = F.binary_cross_entropy(p, torch.ones_like(p), reduction="none")
    away = F.binary_cross_entropy(q, torch.zeros_like(q), reduction="none")
    return whole(-near, -away)


@negative_sampling_loss.mistake(
    "log of the product",
    "You multiply the probabilities and take the logarithm at the end, but the product of many is "
    "rounded to 0; take the logarithm of each and add up.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    product = positive.sigmoid() * (-negative).sigmoid().prod(dim=1)
    return -product.log().mean()


@negative_sampling_loss.mistake(
    "log of the product of 1 - sigmoid",
    "You multiply probabilities, of which some are 1 - sigmoid, and take the logarithm at the end; "
    "both are rounded to 0, so add up F.logsigmoid of each dot product, with a minus for "
    "negatives.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    product = positive.sigmoid() * (1 - negative.sigmoid()).prod(dim=1)
    return -product.log().mean()
