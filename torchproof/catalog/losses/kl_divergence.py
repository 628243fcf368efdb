"""The Kullback-Leibler divergence of two distributions."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from torchproof.catalog.losses.inputs import draw_distributions
from torchproof.catalog.losses.reductions import GROUPS, LOSSES, together
from torchproof.checking.cases import FLOATS, Cases, Draw, extremes, gradients, shapes, values
from torchproof.checking.exercise import exercise


@exercise(groups=GROUPS, not_allowed=(*LOSSES, "entr"))
def kl_divergence(p: Tensor, q: Tensor) -> Tensor:
    """Return Σ p·(log p - log q), in nats, along the last dimension of p and q, (..., C).

    Where p is 0 nothing is added, and the gradients are 0; where only q is 0 it is infinite.
    """
    there = p > 0
    ratio = torch.where(there, p, 1).log() - torch.where(there, q, 1).log()
    return torch.where(there, p * ratio, 0).sum(dim=-1)


@kl_divergence.cases
def _(draw: Draw) -> Cases:
    _, double = FLOATS
    yield values(**_beliefs_about(draw, draw.size(3, 6)))
    yield values(**_beliefs_about(draw, draw.size(6, 8), draw.size(3, 5), dtype=double))
    yield values(**_beliefs_about(draw, 3, draw.size(6, 8)))
    yield values(**_beliefs_about(draw, 2, 3, 4, dtype=double))
    for dtype in FLOATS:
        for shape in ((5,), (3, 7), (4, 2, 3)):
            yield shapes(**_beliefs_about(draw, *shape, dtype=dtype))
    yield shapes("a batch of one", **_beliefs_about(draw, 1, 4))
    p = torch.tensor([[0.5, 0.0, 0.25, 0.25], [0.0, 0.75, 0.0, 0.25]])
    q = torch.tensor([[0.25, 0.25, 0.5, 0.0], [0.25, 0.5, 0.25, 0.0]]).roll(1, dims=1)
    both = {"p": torch.tensor([0.5, 0.5, 0.0]), "q": torch.tensor([0.25, 0.75, 0.0])}
    only = {"p": torch.tensor([0.5, 0.5, 0.0]), "q": torch.tensor([0.75, 0.0, 0.25])}
    yield gradients("p has zeros", p=p, q=draw_distributions(draw, 2, 4))
    small = torch.tensor([1e-6, 1e-4, 0.25, 0.75])
    yield gradients("small probabilities", p=small, q=draw_distributions(draw, 4))
    yield gradients("p and q have a 0 in the same place", **both)
    yield extremes("p has zeros", p=p, q=draw_distributions(draw, 2, 4))
    yield extremes("p and q have a 0 in the same place", **both)
    yield extremes("q is 0 where p is not", **only)
    yield extremes("p and q have zeros", p=p, q=q)
    tiny = torch.tensor([1e-39, 0.5, 0.5])
    yield extremes("a very small q", p=torch.tensor([0.5, 0.25, 0.25]), q=tiny)
    yield extremes("p and q agree", **dict.fromkeys(("p", "q"), torch.tensor([0.5, 0.0, 0.5])))
    yield extremes("a single class", p=torch.ones(3, 1), q=torch.ones(3, 1))
    yield extremes("an empty batch", p=torch.empty(0, 3), q=torch.empty(0, 3))


def _beliefs_about(
    draw: Draw, *shape: int, dtype: torch.dtype = torch.float32
) -> dict[str, Tensor]:
    """Return two lists of probabilities, each summing to 1 along the last dimension."""
    return {name: draw_distributions(draw, *shape, dtype=dtype) for name in ("p", "q")}


def _excess(p: Tensor, q: Tensor) -> Tensor:
    """Return p·(log p - log q) of each element, with value and gradients 0 where p is 0."""
    there = p > 0
    ratio = torch.where(there, p, 1).log() - torch.where(there, q, 1).log()
    return torch.where(there, p, 0) * torch.where(there, ratio, 0)


def _raw_excess(p: Tensor, q: Tensor) -> Tensor:
    return p * (p.log() - q.log())


@kl_divergence.mistake(
    "log of 0",
    "Where p is 0, 0 times log(0) is NaN; put a 1 in its place, and in that of q there, before "
    "you take the logarithms.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return _raw_excess(p, q).sum(-1)


@kl_divergence.mistake(
    "NaN gradient where p is 0",
    "The values are right, but the NaN you hide where p is 0, as torch.where outside, xlogy and "
    "nansum do, comes back in the gradient; keep the 0 out of the logarithm.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return torch.where(p > 0, p * (p.log() - q.log()), 0).sum(-1)


@kl_divergence.mistake(
    "xlogy of p, but not of q",
    "torch.xlogy keeps p·log p right where p is 0, but p·log q is NaN where q is 0 too, and the "
    "gradient of xlogy(p, p) is NaN; keep both zeros out of the logarithms.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return (torch.xlogy(p, p) - p * q.log()).sum(-1)


@kl_divergence.mistake(
    "log of the quotient",
    "p / q overflows for very small q, and is 0 over 0 where both are 0; subtract the logarithms "
    "instead, and keep the zeros out of them.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return (p * (p / q).log()).sum(-1)


@kl_divergence.mistake(
    "overflowing quotient",
    "p / q overflows for very small q; subtract the logarithms instead.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    there = p > 0
    quotient = torch.where(there, p, 1) / torch.where(there, q, 1)
    return (torch.where(there, p, 0) * quotient.log()).sum(-1)


@kl_divergence.mistake(
    "zeros of q replaced too",
    "You put a 1 in the place of every 0 of q, and lose the infinity where p is not 0 there; "
    "replace q only where p is 0.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    ratio = torch.where(p > 0, p, 1).log() - torch.where(q > 0, q, 1).log()
    return (p * ratio).sum(-1)


@kl_divergence.mistake(
    "zeros of p replaced in p only",
    "Where p is 0 you replace it in log p, but log q may be infinite there, and 0 times that is "
    "NaN; put a 1 in the place of q, too, where p is 0.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return (p * (torch.where(p > 0, p, 1).log() - q.log())).sum(-1)


@kl_divergence.mistake(
    "skips zeros of q",
    "You leave out the places where q is 0; where p is not 0 there, the divergence is infinite: "
    "what q rules out has happened.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    there = (p > 0) & (q > 0)
    ratio = torch.where(there, p, 1).log() - torch.where(there, q, 1).log()
    return torch.where(there, p * ratio, 0).sum(-1)


def _almost_ruled_out(eps: float) -> None:
    hint = (
        f"The constant {eps:g} in the logarithms makes the divergence finite where q is 0 and p "
        "is not, and gives a gradient where p is 0, which should have none; keep only the zeros "
        "of p out of the logarithms, by torch.where."
    )

    @kl_divergence.mistake(f"{eps:g} in the logarithms", hint)
    def _(p: Tensor, q: Tensor) -> Tensor:
        return (p * ((p + eps).log() - (q + eps).log())).sum(-1)

    hint = (
        f"The constant {eps:g} in the logarithm of p gives a large gradient where p is 0, which "
        "should have none; put a 1 in the place of p, and of q, there, by torch.where."
    )

    @kl_divergence.mistake(f"{eps:g} in the logarithm of p", hint)
    def _(p: Tensor, q: Tensor) -> Tensor:
        return (p * ((p + eps).log() - q.log())).sum(-1)

    @kl_divergence.mistake(f"{eps:g} in the logarithm of p, xlogy of q", hint)
    def _(p: Tensor, q: Tensor) -> Tensor:
        return (p * (p + eps).log() - torch.xlogy(p, q)).sum(-1)


for _eps in (1e-8, 1e-10, 1e-12):
    _almost_ruled_out(_eps)


def _kl_mistakes(excess: Callable[[Tensor, Tensor], Tensor], also: str, fault: str) -> None:
    """Add mistakes made with the zeros right, and made together with the NaN."""
    hint = together(fault)

    @kl_divergence.mistake(
        f"p and q swapped{also}",
        hint("yours is the divergence of q from p; the terms are weighted by p, p·(log p - log q)"),
    )
    def _(p: Tensor, q: Tensor) -> Tensor:
        return excess(q, p).sum(-1)

    @kl_divergence.mistake(
        f"sign turned{also}",
        hint("your sign is turned; the divergence is never negative, p·(log p - log q)"),
    )
    def _(p: Tensor, q: Tensor) -> Tensor:
        return -excess(p, q).sum(-1)

    @kl_divergence.mistake(
        f"in bits{also}",
        hint("you take logarithms to base 2; nats are asked for, by the natural logarithm"),
    )
    def _(p: Tensor, q: Tensor) -> Tensor:
        return excess(p, q).sum(-1) / math.log(2)

    @kl_divergence.mistake(
        f"over all distributions{also}",
        hint("you add up all elements; each pair, along the last dimension, has its own sum"),
    )
    def _(p: Tensor, q: Tensor) -> Tensor:
        return excess(p, q).sum()


_kl_mistakes(_excess, "", "")
_kl_mistakes(
    _raw_excess,
    ", and log of 0",
    "0 times log(0) is NaN, so where p is 0 put a 1 in its place and in that of q",
)


@kl_divergence.mistake(
    "squeezed",
    "You squeeze the result, which also drops a dimension that is 1 by chance, as in a batch of "
    "one; sum(dim=-1) drops the last alone.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return _excess(p, q).sum(-1).squeeze()


@kl_divergence.mistake(
    "mean over the classes",
    "You take the mean over the classes; p holds their weights already, so add up.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return _excess(p, q).mean(-1)


@kl_divergence.mistake(
    "mean over the batch",
    "You average over the batch at the end; return one divergence for each pair.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return _excess(p, q).sum(-1).mean()


@kl_divergence.mistake(
    "cross-entropy",
    "You return the cross-entropy, -Σ p·log q; the divergence is what it has above the entropy of "
    "p, so add Σ p·log p.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    there = p > 0
    return -(torch.where(there, p, 0) * torch.where(there, q, 1).log()).sum(-1)


@kl_divergence.mistake(
    "not weighted by p",
    "You add up log p - log q as they are; each counts with its probability p.",
)
def _(p: Tensor, q: Tensor) -> Tensor:
    return (p.log() - q.log()).sum(-1)
