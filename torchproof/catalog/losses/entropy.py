"""The entropy of a distribution."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_distributions
from torchproof.catalog.losses.reductions import GROUPS, LOSSES, together
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=(*LOSSES, "entr"))
def entropy(p: Tensor) -> Tensor:
    """Return -Σ p·log2 p, in bits, along the last dimension of p, (..., C).

    A probability of 0 adds nothing to the sum, and its gradient is 0.
    """
    certain = torch.where(p > 0, p, 1)
    return -(certain * certain.log2()).sum(dim=-1)


@entropy.cases
def _(draw: Draw) -> Cases:
    _, double = FLOATS
    yield values(p=draw_distributions(draw, draw.size(3, 6)))
    yield values(p=draw_distributions(draw, draw.size(6, 8), draw.size(3, 5), dtype=double))
    yield values(p=draw_distributions(draw, 3, draw.size(6, 8)))
    yield values(p=draw_distributions(draw, 2, 3, 4, dtype=double))
    for dtype in FLOATS:
        yield shapes(p=draw_distributions(draw, 5, dtype=dtype))
        yield shapes(p=draw_distributions(draw, 3, 7, dtype=dtype))
        yield shapes(p=draw_distributions(draw, 4, 2, 3, dtype=dtype))
    yield shapes("a batch of one", p=draw_distributions(draw, 1, 4))
    zeros = torch.tensor([[0.5, 0.0, 0.25, 0.25], [0.0, 0.75, 0.0, 0.25]])
    yield gradients("probabilities of 0", p=zeros)
    yield gradients("small probabilities", p=torch.tensor([1e-6, 1e-4, 0.25, 0.75]))
    yield extremes("probabilities of 0", p=zeros)
    yield extremes("a certain outcome", p=torch.tensor([0.0, 1.0, 0.0]))
    yield extremes("all equally likely", p=torch.full((2, 8), 0.125))
    yield extremes("very small probabilities", p=torch.tensor([1e-38, 1e-12, 1.0, 0.0]))
    yield extremes("a single class", p=torch.ones(3, 1))
    yield extremes("an empty batch", p=torch.empty(0, 3))


def _surprise(p: Tensor) -> Tensor:
    """Return -p·log p of each element, with value and gradient 0 at 0."""
    certain = torch.where(p > 0, p, 1)
    return -certain * certain.log()


def _raw_surprise(p: Tensor) -> Tensor:
    return -p * p.log()


@entropy.mistake(
    "log of 0",
    "A probability of 0 gives 0 times minus infinity, which is NaN; put a 1 in its place before "
    "you take the logarithm, by torch.where.",
)
def _(p: Tensor) -> Tensor:
    return _raw_surprise(p).sum(-1) / math.log(2)


@entropy.mistake(
    "NaN gradient at a probability of 0",
    "The values are right, but the NaN you hide at a probability of 0, as torch.where outside, "
    "xlogy and nansum do, comes back in the gradient; keep the 0 out of the logarithm.",
)
def _(p: Tensor) -> Tensor:
    return -torch.where(p > 0, p * p.log2(), 0).sum(-1)


def _almost_zero(eps: float) -> None:
    hint = (
        f"The constant {eps:g} keeps the logarithm of a probability of 0 finite, but the gradient "
        "there should be 0; put a 1 in the place of each 0 instead, by torch.where."
    )

    @entropy.mistake(f"{eps:g} in the logarithm", hint)
    def _(p: Tensor) -> Tensor:
        return -(p * (p + eps).log2()).sum(-1)


for _eps in (1e-8, 1e-10, 1e-12):
    _almost_zero(_eps)


def _entropy_mistakes(surprise: Callable[[Tensor], Tensor], also: str, fault: str) -> None:
    """Add mistakes made with 0·log 0 as 0, and made together with the NaN it is by itself."""
    hint = together(fault)

    @entropy.mistake(
        f"natural logarithm{also}",
        hint(
            "you use the natural logarithm, which gives nats; bits take log2, or a division by ln 2"
        ),
    )
    def _(p: Tensor) -> Tensor:
        return surprise(p).sum(-1)

    @entropy.mistake(
        f"times ln 2{also}",
        hint("you multiply by ln 2, and bits come by a division: log2 p is log p / ln 2"),
    )
    def _(p: Tensor) -> Tensor:
        return surprise(p).sum(-1) * math.log(2)

    @entropy.mistake(
        f"last dimension kept{also}",
        hint("you keep the last dimension with size 1; leave out keepdim, so that it goes"),
    )
    def _(p: Tensor) -> Tensor:
        return surprise(p).sum(-1, keepdim=True) / math.log(2)

    @entropy.mistake(
        f"squeezed{also}",
        hint(
            "you squeeze the result, which also drops a dimension that is 1 by chance, as in a "
            "batch of one; sum(dim=-1) drops the last alone"
        ),
    )
    def _(p: Tensor) -> Tensor:
        return (surprise(p).sum(-1) / math.log(2)).squeeze()

    @entropy.mistake(
        f"sign missing{also}",
        hint("you leave out the minus; logarithms of probabilities are negative, entropy is not"),
    )
    def _(p: Tensor) -> Tensor:
        return -surprise(p).sum(-1) / math.log(2)

    @entropy.mistake(
        f"mean over the classes{also}",
        hint("you take the mean over the classes; p holds their weights already, so add up"),
    )
    def _(p: Tensor) -> Tensor:
        return surprise(p).mean(-1) / math.log(2)

    @entropy.mistake(
        f"over all distributions{also}",
        hint("you add up all elements; each distribution, along the last dimension, has its own"),
    )
    def _(p: Tensor) -> Tensor:
        return surprise(p).sum() / math.log(2)

    @entropy.mistake(
        f"mean over the batch{also}",
        hint("you average over the batch at the end; return one entropy for each distribution"),
    )
    def _(p: Tensor) -> Tensor:
        return surprise(p).sum(-1).mean() / math.log(2)


_entropy_mistakes(_surprise, "", "")
_entropy_mistakes(
    _raw_surprise,
    ", and log of 0",
    "0 times log(0) is NaN, so put a 1 in the place of each 0 before the logarithm",
)


@entropy.mistake(
    "over the first dimension",
    "You add up along the first dimension; the classes lie along the last, dim=-1.",
)
def _(p: Tensor) -> Tensor:
    return _surprise(p).sum(0) / math.log(2)


@entropy.mistake(
    "not added up",
    "You return one number for each class; add them up along the last dimension.",
)
def _(p: Tensor) -> Tensor:
    return _surprise(p) / math.log(2)


@entropy.mistake(
    "information without its weight",
    "You add up the information, -log2 p, of all classes as it is; each counts with its "
    "probability, -p·log2 p.",
)
def _(p: Tensor) -> Tensor:
    return -p.log2().sum(-1)


@entropy.mistake(
    "writes into its input",
    "You write the ones into p itself, which the caller, and autograd, still need; make a new "
    "tensor, by torch.where.",
)
def _(p: Tensor) -> Tensor:
    p[p == 0] = 1
    return -(p * p.log2()).sum(-1)
