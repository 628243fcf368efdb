"""Losses of negative sampling of wrong scores, and in the wrong form."""

import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.beyond.negative_sampling_loss import (
    negative_sampling_loss,
    scores,
    terms,
    whole,
)


@negative_sampling_loss.mistake(
    "every centre with every context",
    "centre @ context.mT pairs every centre with every context; only those of the same row belong "
    "together, (centre * context).sum(dim=-1).",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    negative = terms(centre, context, negatives)[1]
    return -F.logsigmoid(centre @ context.mT).mean() - negative.sum(dim=1).mean()


@negative_sampling_loss.mistake(
    "dot products along the batch",
    "You add up the products of centre and context over the N pairs; a dot product adds up over "
    "the D numbers of a vector, dim=-1.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    negative = terms(centre, context, negatives)[1]
    return -F.logsigmoid((centre * context).sum(dim=0)).mean() - negative.sum(dim=1).mean()


@negative_sampling_loss.mistake(
    "negatives added up first",
    "You add up the negatives, or their dot products, before the sigmoid; each negative has a "
    "sigmoid of its own.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(positive), F.logsigmoid(-negative.sum(dim=1, keepdim=True)))


@negative_sampling_loss.mistake(
    "negatives averaged first",
    "You take the mean of the negatives, or of their dot products, before the sigmoid; each "
    "negative has a sigmoid of its own.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(positive), F.logsigmoid(-negative.mean(dim=1, keepdim=True)))


@negative_sampling_loss.mistake(
    "sigmoid of each product",
    "You take the sigmoid of every single product; add up the D products of a pair first, to one "
    "dot product.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive = F.logsigmoid(centre * context).sum(dim=-1)
    return whole(positive, F.logsigmoid(-centre.unsqueeze(1) * negatives).sum(dim=-1))


@negative_sampling_loss.mistake(
    "mean in place of a dot product",
    "You take the mean of the products of two vectors; a dot product is their sum.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    d = centre.shape[1]
    return whole(*terms(centre / d, context, negatives))


@negative_sampling_loss.mistake(
    "divided by the root of D",
    "You divide the dot products by the root of D; take them as they are.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return whole(*terms(centre / centre.shape[1] ** 0.5, context, negatives))


@negative_sampling_loss.mistake(
    "cosines",
    "You bring the vectors to unit length, so that your scores are cosines; take the dot products "
    "of the vectors as they are.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return whole(*terms(*(F.normalize(each, dim=-1) for each in (centre, context, negatives))))


@negative_sampling_loss.mistake(
    "squeezed",
    "You squeeze every dimension that is 1, also K where there is one negative each; name the "
    "dimension that you mean, as in .squeeze(-1).",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    negative = F.logsigmoid(-(negatives @ centre.unsqueeze(-1)).squeeze())
    return -(terms(centre, context, negatives)[0] + negative.sum(dim=-1)).mean()


@negative_sampling_loss.mistake(
    "negatives without a gradient",
    "Your negatives get no gradient, and would never be pushed away; leave out .detach() and "
    "torch.no_grad().",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return whole(*terms(centre, context, negatives.detach()))


@negative_sampling_loss.mistake(
    "a loop over the negatives",
    "You go through the negatives one by one; let one product of tensors, or torch.einsum, take "
    "all dot products at once.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    total = F.logsigmoid((centre * context).sum(dim=1))
    for k in range(negatives.shape[1]):
        total = total + F.logsigmoid(-(centre * negatives[:, k]).sum(dim=1))
    return -total.mean()


@negative_sampling_loss.mistake(
    "a loop over the pairs",
    "You go through the pairs of the batch one by one; keep N as a dimension of your tensors, and "
    "add up over the last.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    total = centre.new_zeros(())
    for c, x, others in zip(centre, context, negatives, strict=True):
        total = total - F.logsigmoid(c @ x) - F.logsigmoid(-(others @ c)).sum()
    return total / len(centre)
