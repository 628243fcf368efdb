"""Losses of negative sampling with the wrong terms, and with terms put together wrongly."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.beyond.negative_sampling_loss import (
    negative_sampling_loss,
    scores,
    terms,
    whole,
)


@negative_sampling_loss.mistake(
    "summed over the batch",
    "You add up the losses of the pairs; take their mean over N.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -(positive.sum() + negative.sum())


@negative_sampling_loss.mistake(
    "0 for an empty batch",
    "You return 0 for an empty batch; the mean of no losses is NaN, as torch has it, so divide by "
    "N as it is.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -(positive.sum() + negative.sum()) / max(len(centre), 1)


@negative_sampling_loss.mistake(
    "negatives summed over the batch",
    "You take the mean over N of the positive terms only; the negative terms are added up over K "
    "and then averaged over N, too.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -(positive.mean() + negative.sum())


@negative_sampling_loss.mistake(
    "mean over the negatives",
    "You take the mean over the K negatives; add them up, and take the mean over N only.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -(positive + negative.mean(dim=1)).mean()


@negative_sampling_loss.mistake(
    "mean over the negatives, times K",
    "Where K is 0 you get NaN, for the mean of nothing is NaN, and stays so times 0; add up the "
    "terms of the negatives.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -(positive + negative.mean(dim=1) * negatives.shape[1]).mean()


@negative_sampling_loss.mistake(
    "mean over all terms",
    "You divide by K + 1 as well, as a mean over all terms does; add up the terms of a pair, and "
    "take the mean over N only.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return -torch.cat(
        [each.reshape(len(centre), -1) for each in terms(centre, context, negatives)], 1
    ).mean()


@negative_sampling_loss.mistake(
    "context counted K times",
    "Your term of the context is added to that of each negative, so it counts K times; add up the "
    "terms of the negatives, their log sigmoids, and add the context's to the sum once.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -(positive[:, None] + negative).sum(dim=1).mean()


@negative_sampling_loss.mistake(
    "one loss for each pair",
    "You return one loss for each pair; take their mean, a tensor of shape ().",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return -positive - negative.sum(dim=1)


@negative_sampling_loss.mistake(
    "a Python number",
    "You return a Python number, through which no gradient flows; return the tensor, without "
    ".item() or float().",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Any:
    return whole(*terms(centre, context, negatives)).item()


@negative_sampling_loss.mistake(
    "negatives treated as contexts",
    "The minus inside the sigmoid of the negatives is missing, so they are drawn near like "
    "contexts; take log sigmoid of minus their dot products.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(positive), F.logsigmoid(negative))


@negative_sampling_loss.mistake(
    "context pushed away",
    "You take minus the dot product of the context as well; that minus is for the negatives only.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(-positive), F.logsigmoid(-negative))


@negative_sampling_loss.mistake(
    "context and negatives swapped",
    "You push the context away and draw the negatives near; the minus inside the sigmoid belongs "
    "to the negatives.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(-positive), F.logsigmoid(negative))


@negative_sampling_loss.mistake(
    "sign turned",
    "You return the log-likelihood, which is to become large; the loss is minus that.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return -whole(*terms(centre, context, negatives))


@negative_sampling_loss.mistake(
    "negative terms with a plus",
    "You add the log sigmoids of the negatives to the loss; subtract them, as you do with the "
    "positive.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return whole(positive, -negative)


@negative_sampling_loss.mistake(
    "positive term with a plus",
    "You add the log sigmoid of the context's dot product to the loss; subtract it, as you do with "
    "the negatives.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = terms(centre, context, negatives)
    return whole(-positive, negative)


@negative_sampling_loss.mistake(
    "negatives with a plus, minus forgotten",
    "You add the log sigmoids of the negatives, and without the minus inside; it is "
    "-log sigmoid(-dot product) for each.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(positive), -F.logsigmoid(negative))


@negative_sampling_loss.mistake(
    "1 minus the logarithm",
    "For the negatives you take 1 - log sigmoid; what is asked is the logarithm of 1 - sigmoid, "
    "which is log sigmoid of minus the dot product.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(F.logsigmoid(positive), 1 - F.logsigmoid(negative))


@negative_sampling_loss.mistake(
    "only the context",
    "Your loss leaves out the negatives; without them it falls to 0 if all dot products are "
    "large, whichever words occur together.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return -terms(centre, context, negatives)[0].mean()


@negative_sampling_loss.mistake(
    "only the negatives",
    "Your loss leaves out the context; add -log sigmoid of its dot product with the centre.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return -terms(centre, context, negatives)[1].sum(dim=1).mean()


@negative_sampling_loss.mistake(
    "first negative only",
    "You take the first negative of each centre only; add up over all K.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return whole(*terms(centre, context, negatives[:, :1]))


@negative_sampling_loss.mistake(
    "context against the negatives",
    "You take the dot products of the context with the negatives; the centre is compared with "
    "both.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    return whole(terms(centre, context, negatives)[0], terms(context, centre, negatives)[1])


@negative_sampling_loss.mistake(
    "no logarithm",
    "You add up the sigmoids themselves; take F.logsigmoid of the dot products in their place, "
    "which is the logarithm of the sigmoid.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(positive.sigmoid(), (-negative).sigmoid())


@negative_sampling_loss.mistake(
    "product without a logarithm",
    "You return minus the product of the probabilities; add up minus their logarithms.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return -(positive.sigmoid() * (-negative).sigmoid().prod(dim=1)).mean()


@negative_sampling_loss.mistake(
    "no sigmoid",
    "You add up the dot products themselves, and such a loss has no bottom; take F.logsigmoid of "
    "each, with the minus of the negatives inside it.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    return whole(positive, -negative)


@negative_sampling_loss.mistake(
    "softmax over the candidates",
    "You take a softmax over the context and its negatives, which compete there; here each is a "
    "yes-or-no question of its own, with a sigmoid.",
)
def _(centre: Tensor, context: Tensor, negatives: Tensor) -> Tensor:
    positive, negative = scores(centre, context, negatives)
    target = torch.zeros(len(centre), dtype=torch.int64, device=centre.device)
    return F.cross_entropy(torch.cat([positive[:, None], negative], dim=1), target)
