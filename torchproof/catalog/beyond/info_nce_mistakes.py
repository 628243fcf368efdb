"""InfoNCE with the wrong softmax, the wrong targets, and in the wrong form."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchproof.catalog.beyond.info_nce import cosines, cross_entropy, info_nce, own


def _logits(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cosines(queries, keys) / temperature


@info_nce.mistake(
    "softmax over the queries",
    "Your softmax goes over the queries, down the columns; each query chooses among the keys, so "
    "it goes along the rows of queries @ keys.mT.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(_logits(queries, keys, temperature).mT)


@info_nce.mistake(
    "both directions",
    "You average the losses of both directions, as CLIP does; here only the queries look for their "
    "keys.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return (cross_entropy(logits) + cross_entropy(logits.mT)) / 2


@info_nce.mistake(
    "both directions added up",
    "You add up the losses of both directions; here only the queries look for their keys.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return cross_entropy(logits) + cross_entropy(logits.mT)


@info_nce.mistake(
    "among all rows, as SimCLR",
    "You let queries and keys all look for their partners among all 2N rows, as SimCLR does; here "
    "each query chooses among the N keys.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    n = len(queries)
    both = torch.cat([queries, keys])
    logits = _logits(both, both, temperature)
    logits = logits.masked_fill(torch.eye(2 * n, dtype=torch.bool, device=both.device), -torch.inf)
    return F.cross_entropy(logits, own(logits).roll(n))


@info_nce.mistake(
    "own key left out of the denominator",
    "Your denominator leaves out the query's own key; a softmax sums over all N keys, the own one "
    "included.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    same = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
    others = logits.masked_fill(same, -torch.inf).logsumexp(dim=1)
    return (others - logits.diagonal()).mean()


@info_nce.mistake(
    "own key twice in the denominator",
    "Your denominator counts the query's own key twice, once as the positive and once among all "
    "keys; it is there once.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    twice = torch.cat([logits.diagonal()[:, None], logits], dim=1)
    return F.cross_entropy(twice, torch.zeros_like(own(logits)))


@info_nce.mistake(
    "softmax over the whole matrix",
    "Your softmax goes over all N·N similarities at once; each query has a softmax of its own, "
    "over its row.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return (logits.flatten().logsumexp(dim=0) - logits.diagonal()).mean()


@info_nce.mistake(
    "summed over the rows",
    "You add up the losses of the queries; take their mean.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(_logits(queries, keys, temperature)) * len(queries)


@info_nce.mistake(
    "mean over the whole matrix",
    "You divide by all N·N places of the matrix, zeros included; there are N queries, so divide by "
    "N.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(_logits(queries, keys, temperature)) / len(queries)


@info_nce.mistake(
    "one loss for each query",
    "You return one loss for each query; take their mean, a tensor of shape ().",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return F.cross_entropy(logits, own(logits), reduction="none")


@info_nce.mistake(
    "a Python number",
    "You return a Python number, through which no gradient flows; return the tensor, without "
    ".item() or float().",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Any:
    return cross_entropy(_logits(queries, keys, temperature)).item()


@info_nce.mistake(
    "sign turned",
    "You return the mean log-probability itself; the loss is minus that.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return -cross_entropy(_logits(queries, keys, temperature))


@info_nce.mistake(
    "only the own key",
    "You return minus the mean similarity of the pairs, so nothing keeps other keys away; take the "
    "cross-entropy of each row, whose denominator has all keys in it.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return -_logits(queries, keys, temperature).diagonal().mean()


@info_nce.mistake(
    "no logarithm",
    "You return minus the mean probability of the own keys; take the logarithm of each before the "
    "mean.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return -_logits(queries, keys, temperature).softmax(dim=1).diagonal().mean()


@info_nce.mistake(
    "logarithm after the mean",
    "You take the mean of the probabilities and then the logarithm; take the logarithm of each, "
    "then the mean.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return -_logits(queries, keys, temperature).softmax(dim=1).diagonal().mean().log()


@info_nce.mistake(
    "no exponential",
    "You divide the similarities by their sum, which may be negative; take exp of each first, as a "
    "softmax does.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return -(logits.diagonal() / logits.sum(dim=1)).log().mean()


@info_nce.mistake(
    "softmax twice",
    "You hand a softmax to cross_entropy, which takes one itself; hand it the similarities over "
    "the temperature.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(_logits(queries, keys, temperature).softmax(dim=1))


@info_nce.mistake(
    "exponential before cross_entropy",
    "You take exp of the similarities and hand that to cross_entropy, which takes exp itself; hand "
    "it the similarities over the temperature.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(_logits(queries, keys, temperature).exp())


@info_nce.mistake(
    "similarities normalised",
    "You bring the rows of the similarities to length 1; it is the rows of queries and keys that "
    "need it, before their product.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(F.normalize(queries @ keys.mT, dim=1) / temperature)


@info_nce.mistake(
    "target 0 for all",
    "You take key 0 for the right one of every query, as where the positive is put first; the key "
    "of query i is key i.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return F.cross_entropy(logits, torch.zeros_like(own(logits)))


@info_nce.mistake(
    "a sigmoid for each pair",
    "You ask of each query and key whether they belong together, with a sigmoid each; here each "
    "query chooses one of the keys, with a softmax over its row.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    same = torch.eye(len(logits), dtype=logits.dtype, device=logits.device)
    return F.binary_cross_entropy_with_logits(logits, same)


@info_nce.mistake(
    "distances for cosines",
    "You take minus the distance of query and key for their similarity; take their cosine.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    rows, others = F.normalize(queries, dim=1), F.normalize(keys, dim=1)
    distances = (2 - 2 * rows @ others.mT).clamp(min=0).sqrt()
    return cross_entropy(-distances / temperature)


@info_nce.mistake(
    "keys without a gradient",
    "Your keys get no gradient; they are learnt as well here, so leave out .detach() and "
    "torch.no_grad().",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    return cross_entropy(_logits(queries, keys.detach(), temperature))


@info_nce.mistake(
    "a loop over the queries",
    "You go through queries or keys one by one; one product of matrices gives all similarities, "
    "and F.cross_entropy takes all rows at once.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    logits = _logits(queries, keys, temperature)
    return torch.stack([row.logsumexp(0) - row[i] for i, row in enumerate(logits)]).mean()


@info_nce.mistake(
    "normalised in place",
    "You bring queries and keys to length 1 in place, and whoever called you loses theirs; make "
    "new tensors, as F.normalize does.",
)
def _(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    with torch.no_grad():
        for x in (queries, keys):
            x /= x.norm(dim=1, keepdim=True)
    return cross_entropy(queries @ keys.mT / temperature)
